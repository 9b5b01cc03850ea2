using System.Text;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Import;
using RecSys.Core.Import.DataSets;
using RecSys.Tests.Storage;

namespace RecSys.Tests.Import;

public sealed class MovieLensImporterTests : ImportTest
{
    private const string Users = "1::F::1::10::48067\n2::M::56::16::70072-1234\n";
    private const string Movies =
        "1::Toy Story (1995)::Animation|Children's|Comedy\n2::Untitled::Drama\n3::Old: A Film (1919)::Drama|War\n";
    private const string Ratings = "2::1::5::978300002\n1::2::3::978300001\n1::3::4::978300002\n";

    private void Write(string users = Users, string movies = Movies, string ratings = Ratings)
    {
        Source.Write("users.dat", users);
        Source.Write("movies.dat", movies);
        Source.Write("ratings.dat", ratings);
    }

    private Task<ImportReport> ImportAsync(double maxRejects = 0.01) =>
        new MovieLensImporter(Target, Options with { MaxRejects = maxRejects }).ImportAsync(Source.Path, null, Ct);

    private Task<RecSysException> FailsAsync(double maxRejects = 0.01) =>
        Assert.ThrowsAsync<RecSysException>(() => ImportAsync(maxRejects));

    [Fact]
    public async Task ImportAsync_SmallSet_StoresUsersAndMovies()
    {
        Write();

        await ImportAsync();

        Sample.AssertSame(
            new User { Id = "1", Gender = "F", Age = 1, Location = "zip 4",
                Attributes = new Dictionary<string, string> { ["occupation"] = "10" } },
            await Database.Contents.FindUserAsync("1", Ct));
        Sample.AssertSame(
            new Item { Id = "1", Title = "Toy Story (1995)", Category = "Animation", Tags = ["Children's", "Comedy"],
                CreatedAt = new DateTimeOffset(1995, 1, 1, 0, 0, 0, TimeSpan.Zero) },
            await ItemAsync("1"));
        Assert.Null((await ItemAsync("2"))!.CreatedAt);
        Assert.Equal(1919, (await ItemAsync("3"))!.CreatedAt!.Value.Year);
    }

    [Fact]
    public async Task ImportAsync_Ratings_AreWishesAndFromFourOnAlsoLikesInTimeOrderThenFileOrder()
    {
        Write();

        var report = await ImportAsync();

        var events = await EventsAsync();
        Assert.Equal(
            [
                ("1", "2", EventType.Rating, 3.0), ("2", "1", EventType.Rating, 5.0), ("2", "1", EventType.Like, null),
                ("1", "3", EventType.Rating, 4.0), ("1", "3", EventType.Like, (double?)null),
            ],
            events.Select(e => (e.UserId, e.ItemId, e.Type, e.Value)));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(978300001), events[0].Time);
        Assert.Equal((8, 8, 0, 2, 3, 0), (report.Read, report.Kept, report.Rejected, report.Users.Added, report.Items.Added,
            report.Duplicates));
        Assert.Equal(new Dictionary<EventType, long> { [EventType.Rating] = 3, [EventType.Like] = 2 }, report.Events);
        Assert.Null(report.RejectsPath);
    }

    [Fact]
    public async Task ImportAsync_Stars_AreRatingsOfTheFeaturesAndNoSecondsWatched()
    {
        Write(ratings: "2::1::5::978300002\n1::1::2::978300001\n1::3::4::978300002\n");
        await ImportAsync();

        Assert.All(await EventsAsync(), e => Assert.NotEqual(EventMeaning.Negative, e.Meaning ?? EventTypes.MeaningOf(e.Type)));
        var log = await Database.Log.ReadAsync(null, null, Ct);
        var state = new FeatureState(log.Items);
        Replay.Run(log, state, _ => false, (_, _) => { }, Ct);
        Assert.True(log.Items.TryGetNumber("1", out var movie));
        ref readonly var found = ref state.ItemStates.Peek(movie);
        // Five and two stars.
        Assert.Equal((7, 2, 0, 0), (found.RatingSum, found.RatingCount, found.WatchSeconds, found.WatchCount));
    }

    [Fact]
    public async Task ImportAsync_Again_AddsNothing()
    {
        Write();
        await ImportAsync();

        var report = await ImportAsync();

        Assert.Empty(report.Events);
        Assert.Equal(5, report.Duplicates);
        Assert.Equal(5, (await Database.Contents.CountAsync(Ct)).Events);
        Assert.Equal(2, (await Database.Contents.CountAsync(Ct)).Users);
    }

    [Fact]
    public async Task ImportAsync_TitleInLatin1OrUtf8_IsReadAsWritten()
    {
        Write();
        var file = Encoding.Latin1.GetBytes("1::Misérables, Les (1995)::Drama\r\n2::")
            .Concat(Encoding.UTF8.GetBytes("Amélie (2001)::Comedy\r\n3::x::y")).ToArray();
        await File.WriteAllBytesAsync(Source["movies.dat"], file, Ct);

        await ImportAsync();

        Assert.Equal("Misérables, Les (1995)", (await ItemAsync("1"))!.Title);
        Assert.Equal("Amélie (2001)", (await ItemAsync("2"))!.Title);
    }

    [Fact]
    public async Task ImportAsync_FewMalformedRatings_AreLeftOutAndWrittenDown()
    {
        var bad = new[] { "9::1::5::1", "1::9::5::1", "1::1::6::1", "1::1::5::x", "1::1::5", "1::1::5::1::1" };
        Write(ratings: Ratings + string.Join('\n', bad) + "\n");

        var report = await ImportAsync(maxRejects: 0.7);

        Assert.Equal((14, 8, 6), (report.Read, report.Kept, report.Rejected));
        Assert.Equal(Data["imports/movielens-rejects.tsv"], report.RejectsPath);
        var rows = (await File.ReadAllLinesAsync(report.RejectsPath!, Ct)).Skip(1).Select(line => line.Split('\t')).ToList();
        Assert.Equal(["4", "5", "6", "7", "8", "9"], rows.Select(row => row[1]));
        Assert.Equal(bad, rows.Select(row => row[3]));
        Assert.All(rows, row => Assert.Equal(("ratings.dat", true), (row[0], row[2].Length > 10)));
        Assert.Equal(5, (await Database.Contents.CountAsync(Ct)).Events);
    }

    [Fact]
    public async Task ImportAsync_TooManyMalformedRatings_FailsAsAWholeAndNamesTheRejectsFile()
    {
        Write(ratings: Ratings + "nonsense\n");

        var failure = await FailsAsync();

        var rejects = Data["imports/movielens-rejects.tsv"];
        Assert.Contains(rejects, failure.Message, StringComparison.Ordinal);
        Assert.Contains("1 of 4", failure.Message, StringComparison.Ordinal);
        Assert.Contains("line 4", failure.Message, StringComparison.Ordinal);
        Assert.Contains("nonsense", await File.ReadAllTextAsync(rejects, Ct), StringComparison.Ordinal);
        await AssertEmptyAsync();
    }

    [Fact]
    public async Task ImportAsync_DryRun_LeavesTheRejectsOfAnImport()
    {
        Write(ratings: "nonsense\n");
        await FailsAsync();
        Write();

        await new MovieLensImporter(Target, Options with { DryRun = true }).ImportAsync(Source.Path, null, Ct);

        Assert.Contains("nonsense", await File.ReadAllTextAsync(Data["imports/movielens-rejects.tsv"], Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ImportAsync_CleanAfterAFailure_LeavesNoOldRejects()
    {
        Write(ratings: "nonsense\n");
        await FailsAsync();
        Write();

        await ImportAsync();

        Assert.False(File.Exists(Data["imports/movielens-rejects.tsv"]));
    }

    [Fact]
    public async Task ImportAsync_Cancelled_KeepsWhatItStoredAndGoesOnInTheNextRun()
    {
        Write(ratings: string.Concat(Enumerable.Range(0, 3_000).Select(i => $"1::1::4::{978_300_000 + i}\n")));
        using var stop = new CancellationTokenSource();
        var progress = new ActionProgress(value =>
        {
            if (value is { Phase: "store events", Done: > 1_000 }) stop.Cancel();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new MovieLensImporter(Target, Options)
            .ImportAsync(Source.Path, progress, stop.Token));

        var stored = (await EventsAsync()).Count;
        Assert.InRange(stored, 1_000, 5_000);
        var rest = await ImportAsync();
        Assert.Equal((6_000 - stored, stored), (rest.Events.Values.Sum(), rest.Duplicates));
        var events = await EventsAsync();
        Assert.Equal((6_000, 6_000), (events.Count, events.DistinctBy(e => e.Id).Count()));
        Assert.Equal(events.OrderBy(e => e.Time), events);
        var position = (await Database.EventLog.ReadHeadAsync(Ct)).Position;
        Assert.Equal((0, 6_000, 0, 0), await ImportAsync() is var again
            ? (again.Events.Values.Sum(), again.Duplicates, again.Users.Added + again.Users.Changed, again.Items.Added
                + again.Items.Changed) : default);
        Assert.Equal(position, (await Database.EventLog.ReadHeadAsync(Ct)).Position);
        Assert.Empty(Directory.GetFiles(Data["imports"], "*.tmp"));
    }

    [Fact]
    public async Task ImportAsync_MissingOrEmptyFiles_SayWhichAndLeaveNothing()
    {
        Assert.Contains("users.dat", (await FailsAsync()).Message, StringComparison.Ordinal);
        Write(ratings: "");
        Assert.Contains("ratings.dat has no rows", (await FailsAsync()).Message, StringComparison.Ordinal);
        File.Delete(Source["movies.dat"]);
        Assert.Contains("There is no movies.dat", (await FailsAsync()).Message, StringComparison.Ordinal);
        var missing = await Assert.ThrowsAsync<RecSysException>(() => new MovieLensImporter(Target, Options)
            .ImportAsync(Source["no"], null, Ct));
        Assert.Contains("There is no directory", missing.Message, StringComparison.Ordinal);
        await AssertEmptyAsync();
    }

    private sealed class ActionProgress(Action<WorkProgress> action) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => action(value);
    }
}
