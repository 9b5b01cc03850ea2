using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Lake;

namespace RecSys.Tests.Storage.Lake;

public sealed class LakeExportTests : IAsyncLifetime
{
    private LakeRig rig = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => rig = await LakeRig.OpenAsync();

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Fact]
    public async Task RunAsync_AnyEntriesOverSomeDays_ReadBackEqualTheDatabase() =>
        await Gen.Select(EventLogContract.AnyChange.Array[1, 12], Gen.Bool, Gen.Int[0, 30]).Array[1, 8].SampleAsync(async batches =>
    {
        await using var any = await LakeRig.OpenAsync();
        foreach (var (changes, imported, hours) in batches)
        {
            _ = imported ? await any.Database.Import.ImportAsync(changes, Ct) : await any.Database.EventLog.AppendAsync(changes, Ct);
            any.Database.Clock.Advance(TimeSpan.FromHours(hours));
        }
        await any.Database.FinishErasuresAsync();
        // A day closes some minutes behind its end: one later is too early for what came right after midnight.
        any.Database.Clock.Advance(TimeSpan.FromDays(2));

        var report = await any.ExportAsync();

        var expected = await any.Database.EntriesAsync();
        Sample.AssertSame(expected, expected.Count == 0 ? [] : await any.EntriesAsync());
        Assert.Equal(expected.Count, report.Written.Sum(day => day.Entries));
        Assert.Equal(
            expected.GroupBy(entry => LakeClock.DayOf(entry.ReceivedMs)).ToDictionary(day => day.Key, day => (long)day.Count()),
            report.Written.Where(day => day.Entries > 0).ToDictionary(day => day.Day, day => day.Entries));
        Assert.Empty((await new LakeVerification(any.Lake).RunAsync(LakeTable.Log, ct: Ct)).Faults);
    }, iter: 12, threads: 1);

    [Fact]
    public async Task RunAsync_AnyEventsItemsAndUsers_KeepsEveryField() =>
        await Gen.Select(Sample.AnyEvent, Sample.AnyItem, Sample.AnyUser).Array[1, 20].SampleAsync(async records =>
    {
        await using var any = await LakeRig.OpenAsync();
        await any.Database.Import.ImportAsync([.. records.SelectMany(IEnumerable<LogChange> (record) =>
            [new ItemPut(record.Item2), new EventChange(record.Item1 with { ItemId = record.Item2.Id }), new UserPut(record.Item3)])], Ct);
        any.At(1, 1);
        await any.ExportAsync();

        Sample.AssertSame(await any.Database.EntriesAsync(), await any.EntriesAsync());
    }, iter: 8, threads: 1);

    [Fact]
    public async Task RunAsync_LateEvent_GoesToTheDayOfItsReceiptAndChangesNoClosedDay()
    {
        await rig.Database.KnowAsync("i");
        await rig.Database.ImportAsync(Sample.Event("1"), Sample.Event("2"));
        rig.At(1, 1);
        await rig.ExportAsync();
        var before = Snapshot();
        await rig.Database.ImportAsync(Sample.Event("late", Sample.Noon.AddMinutes(-1)));
        rig.At(2, 1);

        var report = await rig.ExportAsync();

        Assert.Equal(before, Snapshot().Where(file => before.ContainsKey(file.Key)).ToDictionary());
        var day = Assert.Single(report.Written);
        Assert.Equal((LakeRig.FirstDay.AddDays(1), 4L, 4L), (day.Day, day.FirstPosition!.Value, day.LastPosition!.Value));
        Assert.Equal("late", Assert.IsType<EventChange>(Assert.Single(await rig.EntriesAsync(1, 1)).Change).Event.Id);
    }

    [Fact]
    public async Task RunAsync_DaysWithoutEntries_HaveManifestsAndFollowEachOther()
    {
        await rig.Database.KnowAsync("i");
        rig.At(3, 12);
        await rig.Database.ImportAsync(Sample.Event("1"));
        rig.At(6, 12);

        var report = await rig.ExportAsync();

        Assert.Equal([(1L, 1L), (2L, 1L), (2L, 1L), (2L, 2L), (3L, 2L), (3L, 2L)],
            report.Written.Select(day => (day.FirstPosition!.Value, day.LastPosition!.Value)));
        Assert.Equal([1, 0, 0, 1, 0, 0], report.Written.Select(day => day.Entries));
        Assert.Empty(await rig.EntriesAsync(1, 2));
        Assert.Empty(rig.Files(1));
        Assert.Equal(6, (await new LakeVerification(rig.Lake).RunAsync(LakeTable.Log, ct: Ct)).Days.Count);
    }

    [Theory]
    [InlineData(0, 23.9, 0)]
    [InlineData(1, 0.05, 0)]
    [InlineData(1, 0.1, 1)]
    [InlineData(2, 0.05, 1)]
    public async Task RunAsync_BeforeAndAfterTheCloseOfADay_WritesItOnlyThen(int day, double hour, int days)
    {
        await rig.Database.KnowAsync("i");
        rig.At(day, hour);

        Assert.Equal(days, (await rig.ExportAsync()).Written.Count);
    }

    [Fact]
    public async Task RunAsync_ContributionsNotRecorded_WaitsAndSaysSoUntilTheyAre()
    {
        await rig.Database.KnowAsync("i");
        await rig.Database.ImportAsync(Sample.Event("1"));
        await rig.ResolveAsync();
        rig.At(1, 1);
        await rig.Database.ImportAsync(Sample.Event("2"), Sample.Event("3"));
        rig.At(2, 1);

        var report = await rig.Export().RunAsync(new LakeExportRequest(), ct: Ct);

        Assert.Equal(LakeRig.FirstDay, Assert.Single(report.Written).Day);
        Assert.Contains("2026-02-01 waits: what entry 3 and later ones contributed is not recorded", report.Waiting,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(rig.FolderOf(1)));
        Assert.Equal(LakeRig.FirstDay.AddDays(1), Assert.Single((await rig.ExportAsync()).Written).Day);
    }

    [Fact]
    public async Task RunAsync_NowOnAnOpenDay_LeavesTheRestOfTheDayToTheNextOne()
    {
        await rig.Database.KnowAsync("i");
        await rig.Database.ImportAsync(Sample.Event("1"));
        var early = await rig.ExportAsync(new LakeExportRequest { CloseToday = true });
        await rig.Database.ImportAsync(Sample.Event("2"));
        var files = rig.Files(0).Select(File.ReadAllBytes).ToArray();
        var again = await rig.ExportAsync(new LakeExportRequest { CloseToday = true });
        Assert.Empty(again.Written);
        Assert.Equal((LakeRig.FirstDay, 2L, 1L), (again.Closed!.Day, again.Closed.LastPosition!.Value, again.SinceClosed));
        Assert.Equal(files, rig.Files(0).Select(File.ReadAllBytes));
        rig.At(1, 12);
        await rig.Database.ImportAsync(Sample.Event("3"));
        rig.At(2, 12);

        var later = await rig.ExportAsync();
        Assert.Null(later.Closed);

        Assert.Null(early.Closed);
        Assert.Equal((LakeRig.FirstDay, 2L), (Assert.Single(early.Written).Day, early.Written[0].LastPosition!.Value));
        Assert.Equal((LakeRig.FirstDay.AddDays(1), 3L, 4L),
            (Assert.Single(later.Written).Day, later.Written[0].FirstPosition!.Value, later.Written[0].LastPosition!.Value));
        Sample.AssertSame(await rig.Database.EntriesAsync(), await rig.EntriesAsync());
    }

    [Fact]
    public async Task RunAsync_ClockFarAhead_RefusesTheIdleDaysUntilTheyAreMeant()
    {
        await rig.Database.KnowAsync("i");
        rig.At(400, 12);

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => rig.ExportAsync());

        Assert.Contains("say so with --through 2027-03-06", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(400, (await rig.ExportAsync(new LakeExportRequest { Through = new DateOnly(2027, 3, 6) })).Written.Count);
    }

    [Fact]
    public async Task RunAsync_DayThatIsThere_IsVerifiedAndKept()
    {
        await rig.Database.KnowAsync("i");
        rig.At(1, 1);
        await rig.ExportAsync();
        var before = Snapshot();
        var again = new LakeExportRequest { Through = LakeRig.FirstDay };

        var report = await rig.ExportAsync(again);

        Assert.Equal((0, 1), (report.Written.Count, report.Verified.Count));
        Assert.Equal(before, Snapshot());
        await File.AppendAllTextAsync(rig.Files(0)[0], "x", Ct);
        Assert.Contains(rig.Files(0)[0], (await Assert.ThrowsAsync<RecSysException>(() => rig.ExportAsync(again))).Message,
            StringComparison.Ordinal);
        // What the message advises.
        Directory.Delete(rig.FolderOf(0), recursive: true);
        Assert.Single((await rig.ExportAsync(again)).Written);
    }

    [Fact]
    public async Task RunAsync_DayThatIsNotOver_IsRefused() =>
        Assert.Contains("2026-01-31 is not over: 2026-01-30 is the last closed one",
            (await Assert.ThrowsAsync<RecSysException>(() =>
                rig.ExportAsync(new LakeExportRequest { Through = LakeRig.FirstDay }))).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task RunAsync_TornDays_AreIgnoredAndReplaced()
    {
        await rig.Database.KnowAsync("i", "j");
        rig.At(1, 1);
        // A process that died while it wrote, and a copy that stopped halfway.
        Directory.CreateDirectory(Path.Combine(rig.Path, "log", ".tmp-day=2026-01-31-0123456789ab"));
        Directory.CreateDirectory(rig.FolderOf(0));
        await File.WriteAllTextAsync(Path.Combine(rig.FolderOf(0), "changes-0000-00000000.parquet"), "half", Ct);
        Assert.Empty(await rig.Lake.ListAsync(LakeTable.Log, Ct));

        var report = await rig.ExportAsync();

        Assert.Equal((2, 1), (report.Torn, report.Written.Count));
        Assert.Equal(["changes-0000-"], rig.Files(0).Select(path => Path.GetFileName(path)[..13]));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(rig.Path, "log"), ".tmp*"));
        Assert.Equal(2, (await rig.EntriesAsync()).Count);
    }

    [Fact]
    public async Task RunAsync_SameLogTwice_MakesTheSameBytes()
    {
        await rig.Database.KnowAsync(Enumerable.Range(0, 30).Select(at => $"i{at}"));
        await rig.Database.ImportAsync(Enumerable.Range(0, 50).Select(at => Sample.Event($"{at}", item: $"i{at % 30}")));
        rig.At(1, 1);
        var first = await rig.ExportAsync();
        Directory.Move(rig.Path, $"{rig.Path}-first");

        var second = await rig.ExportAsync();

        Assert.True(first.Written[0].Files.Count > 5);
        Assert.Equal(first.Written.SelectMany(day => day.Files), second.Written.SelectMany(day => day.Files));
    }

    private Dictionary<string, string> Snapshot() => Directory.GetFiles(rig.Path, "*", SearchOption.AllDirectories)
        .ToDictionary(path => path, path => Convert.ToHexString(File.ReadAllBytes(path)));
}
