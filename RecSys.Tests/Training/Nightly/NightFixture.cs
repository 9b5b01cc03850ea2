using Microsoft.Extensions.Time.Testing;
using RecSys.Api.Commands.Simulating;
using RecSys.Core.Domain;
using RecSys.Core.Simulation;
using RecSys.Core.Storage.Lake;
using RecSys.Core.Storage.Sqlite;
using RecSys.Core.Training.Nightly;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Training.Nightly;

[assembly: AssemblyFixture(typeof(NightFixture))]

namespace RecSys.Tests.Training.Nightly;

/// <summary>
/// A data folder with six received days of a small world, its lake, and one whole night over the first five of them; made once for all
/// tests that ask for it, which work on copies.
/// </summary>
public sealed class NightFixture : IAsyncLifetime
{
    internal const int Days = 6;

    private readonly TemporaryFolder folder = new();
    private readonly SemaphoreSlim starting = new(1, 1);
    private bool refitted;

    internal static DateTimeOffset Start { get; } = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The last day that the whole night learnt from.</summary>
    internal static DateOnly Day { get; } = DateOnly.FromDateTime(Start.UtcDateTime).AddDays(Days - 2);

    internal static SyntheticWorld World { get; } = SyntheticWorld.Create(new WorldOptions
    {
        Items = 300, Users = 150, Days = Days, SessionsPerUserPerDay = 3, Start = Start,
    });

    /// <summary>Never changed behind the fixture's own night.</summary>
    internal string Data => folder["data"];

    /// <summary>The same folder before the night.</summary>
    internal string Bare => folder["bare"];

    /// <summary>How the whole night ended.</summary>
    internal NightResult Night { get; private set; } = null!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    internal async Task StartAsync()
    {
        await starting.WaitAsync();
        try
        {
            if (Night is null) await MakeAsync();
        }
        finally
        {
            starting.Release();
        }
    }

    /// <summary>The folder as the same night leaves it where it refits; made when first asked for.</summary>
    internal async Task<string> RefittedAsync()
    {
        await StartAsync();
        await starting.WaitAsync();
        try
        {
            var data = folder["refitted"];
            if (refitted) return data;
            FolderCopy.Make(Bare, data);
            await using var rig = await NightRig.OverAsync(data);
            await RefitRig.TakeOverAsync(this, rig, RefitRig.Refit);
            await rig.RunAsync();
            refitted = true;
            return data;
        }
        finally
        {
            starting.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        starting.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task MakeAsync()
    {
        var clock = new FakeTimeProvider(Start);
        await using (var database = SqliteDatabase.Open(Data, clock))
        {
            await database.Import.ImportAsync([.. World.Items.Select(item => new ItemPut(item))], CancellationToken.None);
            await database.Import.ImportAsync([.. World.Users.Select(user => new UserPut(user))], CancellationToken.None);
            foreach (var day in World.GenerateHistory().GroupBy(e => e.Time.Date))
            {
                // Everything is received at the end of its day.
                clock.SetUtcNow(new DateTimeOffset(day.Key, TimeSpan.Zero).AddDays(1).AddSeconds(-1));
                foreach (var chunk in day.Chunk(2000))
                    await database.Import.ImportAsync([.. chunk.Select(e => new EventChange(e))], CancellationToken.None);
            }
            var head = await database.EventLog.ReadHeadAsync();
            await database.EventLog.RecordAsync(head.Resolved, head.Position, []);
            clock.SetUtcNow(Start.AddDays(Days).AddHours(2));
            using var lake = new FolderLakeStore(Path.Combine(Data, "lake"));
            await new LakeExport(lake, LakeSource.Of(database), clock, new LakeOptions()).RunAsync(new LakeExportRequest());
        }
        FolderCopy.Make(Data, Bare);
        await using var rig = await NightRig.OverAsync(Data);
        Night = await rig.RunAsync();
    }
}
