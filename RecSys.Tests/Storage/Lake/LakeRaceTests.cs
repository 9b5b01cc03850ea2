using RecSys.Core.Domain;
using RecSys.Core.Storage.Lake;

namespace RecSys.Tests.Storage.Lake;

/// <summary>Two exports of one day at the same time.</summary>
public sealed class LakeRaceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_AnotherExportPublishesTheDayMeanwhile_SaysThatThisOneLost()
    {
        await using var rig = await RigAsync();

        var report = await ExportAsync(rig, () => rig.ExportAsync());

        Assert.Empty(report.Written);
        Assert.Equal([LakeRig.FirstDay], report.Lost.Select(day => day.Day));
        Assert.Empty((await new LakeVerification(rig.Lake).RunAsync(LakeTable.Log, ct: Ct)).Faults);
    }

    [Fact]
    public async Task RunAsync_AnotherExportClosedTheDayElsewhere_StopsWithAdvice()
    {
        await using var rig = await RigAsync();
        var before = (await rig.Database.EntriesAsync()).Count;

        // The other one closes the day, and then more comes in than this one believes to be in it.
        var failure = await Assert.ThrowsAsync<RecSysException>(() => ExportAsync(rig, async () =>
        {
            using var publication = await rig.Lake.BeginAsync(LakeTable.Log, LakeRig.FirstDay, Ct);
            using var writer = new LogDayWriter(publication, 100);
            foreach (var entry in (await rig.Database.EntriesAsync()).Take(before - 1)) writer.Add(entry, null);
            await writer.FinishAsync(
                LakeDraft.Of(LakeTable.Log, LakeRig.FirstDay, 1, rig.Database.Clock) with { FirstPosition = 1 }, Ct);
        }));

        Assert.Contains("Run one export at a time", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<LakeRig> RigAsync()
    {
        var rig = await LakeRig.OpenAsync();
        await rig.Database.KnowAsync("i");
        await rig.Database.ImportAsync(Sample.Event("1"), Sample.Event("2"));
        rig.At(1, 1);
        await rig.ResolveAsync();
        return rig;
    }

    private static Task<LakeExportReport> ExportAsync(LakeRig rig, Func<Task> meanwhile) => new LakeExport(
        new Overtaken(rig.Lake, meanwhile), new LakeSource(rig.Database.EventLog, rig.Database.Contents, rig.Database.ServedRecords),
        rig.Database.Clock, rig.Options).RunAsync(new LakeExportRequest(), ct: Ct);

    /// <summary>The lake, where another export is faster just when a day is begun.</summary>
    private sealed class Overtaken(ILakeStore lake, Func<Task> meanwhile) : ILakeStore
    {
        public string Place => lake.Place;

        public Task<IReadOnlyList<DateOnly>> ListAsync(LakeTable table, CancellationToken ct = default) => lake.ListAsync(table, ct);

        public Task<byte[]?> ReadManifestAsync(LakeTable table, DateOnly day, CancellationToken ct = default) =>
            lake.ReadManifestAsync(table, day, ct);

        public async Task<ILakePublication> BeginAsync(LakeTable table, DateOnly day, CancellationToken ct = default)
        {
            var publication = await lake.BeginAsync(table, day, ct);
            await meanwhile();
            return publication;
        }

        public Task<string> FetchAsync(LakeTable table, DateOnly day, LakeFile file, bool anew = false, CancellationToken ct = default) =>
            lake.FetchAsync(table, day, file, anew, ct);

        public Task<int> CleanTornAsync(LakeTable table, CancellationToken ct = default) => lake.CleanTornAsync(table, ct);

        public void Dispose()
        {
        }
    }
}
