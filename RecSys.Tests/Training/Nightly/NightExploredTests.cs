using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation.OffPolicy;
using RecSys.Core.Features;
using RecSys.Core.Training.Nightly;
using RecSys.Core.Training.Nightly.Explored;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;
using RecSys.Core.Training.Rows;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Training.Nightly;

/// <summary>Explored places of served lists in a night: who is asked, what they are joined with, and what the gate makes of it.</summary>
[Collection(TorchCollection.Name)]
public sealed class NightExploredTests(NightFixture fixture)
{
    private static readonly DateOnly Later = NightFixture.Day.AddDays(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Night_ServedListsWithExploredPlaces_ComparesChampionAndChallengerByThem()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        (rig.Options.Nightly.ExploredTop, rig.Options.Nightly.MinExploredSample) = (0.5, 50);
        var records = await ServeAsync(rig, _ => true);

        var explored = (await RunAsync(rig)).Explored!;

        var split = await SplitAsync(rig);
        var own = records.Where(record => record.Time.ToUnixTimeMilliseconds() >= split.ValidateUntilMs).ToArray();
        Assert.True(own.Length > 200, $"{own.Length} lists");
        Assert.Null(explored.Refusal);
        Assert.Equal((own.Length, own.Select(record => record.UserId).Distinct().Count()), (explored.Places, explored.Users));
        // Counted in the world's own history.
        var clicks = NightFixture.World.GenerateHistory().Where(e => e.Type == EventType.Click)
            .Select(e => (e.RequestId, e.ItemId)).ToHashSet();
        Assert.Equal(
            own.Average(record => clicks.Contains((record.RequestId, NightFixture.World.Items[record.Items[0].Item].Id)) ? 1.0 : 0),
            explored.Logged!.Value.Value, 1e-12);
        Assert.Equal(["champion", "challenger"], explored.Values.Select(value => value.Model));
        Assert.Equal(
            explored.Values[1].DoublyRobust!.Value.Value - explored.Values[0].DoublyRobust!.Value.Value, explored.Gain!.Value.Value, 1e-9);
        var criterion = (await GateAsync(rig)).Criteria.Single(one => one.Name == "off_policy");
        Assert.Equal((explored.Gain.Value.Value, explored.Gain.Value.High >= 0), (criterion.Value, criterion.Passed));
        Assert.Contains(
            "Explored places", await File.ReadAllTextAsync(Path.Combine(FolderOf(rig), "report.html"), Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Night_BotsAmongThoseServed_AreNotAskedAbout()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        (rig.Options.Nightly.ExploredTop, rig.Options.Nightly.MinExploredSample) = (0.5, 20);
        (rig.Options.Nightly.Quality.BotEventsPerDay, rig.Options.Nightly.Quality.Floor) = (120, 0);
        var records = await ServeAsync(rig, _ => true);

        var explored = (await RunAsync(rig)).Explored!;

        var split = await SplitAsync(rig);
        var own = records.Where(record => record.Time.ToUnixTimeMilliseconds() >= split.ValidateUntilMs).ToArray();
        // Counted in the world's own history.
        var bots = NightFixture.World.GenerateHistory().GroupBy(e => (e.UserId, e.Time.UtcDateTime.Date))
            .Where(day => day.Count() > 120).Select(day => day.Key.UserId).ToHashSet();
        Assert.Contains(own, record => bots.Contains(record.UserId));
        var people = own.Where(record => !bots.Contains(record.UserId)).ToArray();
        Assert.Equal((people.Length, people.Select(record => record.UserId).Distinct().Count()), (explored.Places, explored.Users));
    }

    [Fact]
    public async Task Night_FewExploredPlaces_AreNotAskedAndBlockNothing()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        await ServeAsync(rig, at => at % 20 == 0);

        var explored = (await RunAsync(rig)).Explored!;

        Assert.Null(explored.Gain);
        var criterion = (await GateAsync(rig)).Criteria.Single(one => one.Name == "off_policy");
        Assert.True(criterion.Passed);
        Assert.Matches(@"not asked, effective sample size \d+ < 200", criterion.Reason);
    }

    [Fact]
    public async Task Night_NothingExplored_SaysSo()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);

        await RunAsync(rig);

        var criterion = (await GateAsync(rig)).Criteria.Single(one => one.Name == "off_policy");
        Assert.Contains("Exploration:Share", criterion.Reason, StringComparison.Ordinal);
        // The first night had no champion to ask.
        Assert.Contains("no champion", JsonSerializer.Deserialize(
            await File.ReadAllBytesAsync(Path.Combine(rig.Folder, "evaluation.json"), Ct),
            NightJson.Default.NightEvaluation)!.Explored!.Refusal, StringComparison.Ordinal);
    }

    // Two replays that share nothing but the features: by the position that a request saw, and by the moment of a list in the log.
    [Fact]
    public async Task Scores_AtTheMomentOfAList_AreThoseOfItsImpressions()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        var data = await NightData.ReadAsync(new NightFolder(Path.Combine(rig.Data, "nights"), NightFixture.Day), Ct);
        var lists = RowsFiles.ReadLists(Path.Combine(rig.Folder, "rows.parquet"))
            .Where(list => list.Part == SplitFile.TestPart).Take(40).ToArray();
        using var model = await JudgedAsync(rig, data.Log);
        var parts = model.Parts;
        var expected = new List<double[]>();
        var builder = new ImpressionRowBuilder(
            data.Log, [], parts.Towers, long.MinValue, new FeatureExtractor(FeatureCatalogue.Default),
            new RankerRows(FeatureCatalogue.Default.Count, 0));
        ImpressionRows.Walk(data.Log, ImpressionLists.Of(lists.Select(list => list.Events)), (list, state) =>
        {
            var matrix = new float[list.Length * FeatureCatalogue.Default.Count];
            builder.Fill(list, state, matrix);
            PositionBias.AsServed(matrix, FeatureCatalogue.Default);
            var scores = new double[list.Length];
            parts.Forest.Score(matrix, list.Length, scores);
            expected.Add(Array.ConvertAll(scores, parts.Calibrator.Calibrate));
        }, null, null, Ct);

        var found = ExploredScores.Of(
            data.Log, [.. lists.Select(list => AsServed(data.Log, list))], [model], FeatureCatalogue.Default, Ct)[0];

        Assert.Equal(expected.Count, found.Count);
        foreach (var (one, other) in expected.Zip(found)) Assert.Equal(one, other);
    }

    private static Task<JudgedModel> JudgedAsync(NightRig rig, InteractionLog log) => JudgedModel.LoadAsync(
        JudgedModel.Champion, rig.Registry.FolderOf("v1.0.0"), rig.Options, FeatureCatalogue.Default, log, Ct);

    // A list of the log as if it had been served just before it was shown, its whole content one pool.
    private static ExploredList AsServed(InteractionLog log, RowList list)
    {
        var head = log.Events[list.Events[0]];
        int[] pool = [.. list.Events.Select(index => log.Events[index].Item)];
        var devices = ContextCodes.DeviceNames.Split(", ");
        var record = new ServedRecord
        {
            RequestId = "r", UserId = log.Users[head.User].Id, Time = DateTimeOffset.FromUnixTimeMilliseconds(head.TimeMs), Epoch = 1,
            Position = log.Positions[list.Events[0]] - 1, Assignment = new Assignment("", "", "v1.0.0", ""), LatencyMs = 1,
            Device = head.Device == 0 ? null : devices[head.Device - 1], Location = PlaceIn(head.Location), Items = [],
            FeatureTime = DateTimeOffset.FromUnixTimeMilliseconds(head.TimeMs),
        };
        return new ExploredList(record, head.User, [new ExploredPlace(pool[0], 0, pool, 0, head.TimeMs, 0, head.User)]);
    }

    // Any name of the bucket: features know no more of a location.
    private static string? PlaceIn(byte location) => location == 0
        ? null : Enumerable.Range(0, int.MaxValue).Select(n => $"place {n}").First(name => ContextCodes.Location(name) == location);

    // Every list of the last day as a served record of one place, drawn from what was shown there.
    private static async Task<List<ServedRecord>> ServeAsync(NightRig rig, Func<int, bool> wanted)
    {
        var (random, records, numbers) = (new Random(4), new List<ServedRecord>(), new Dictionary<string, int>());
        await foreach (var item in rig.Database.Contents.ReadItemsAsync(ct: Ct)) numbers[item.Item.Id] = item.Number;
        var positions = new Dictionary<string, long>();
        await foreach (var entry in rig.Database.EventLog.ReadAfterAsync(0, Ct))
        {
            if (entry.Change is EventChange { Event.RequestId: { } request }) positions.TryAdd(request, entry.Position);
        }
        var lists = NightFixture.World.GenerateHistory().Where(e => e.Type == EventType.Impression).GroupBy(e => e.RequestId!).ToArray();
        foreach (var (at, list) in lists.Index())
        {
            // Of a list that was shown as a whole, what came of each item is known, so the draw is an honest one.
            var shown = list.ElementAt(random.Next(list.Count()));
            if (shown.Time < NightFixture.Start.AddDays(NightFixture.Days - 1) || !wanted(at)) continue;
            var item = numbers[shown.ItemId];
            int[] pool = [.. list.Select(each => numbers[each.ItemId]).Order()];
            records.Add(new ServedRecord
            {
                RequestId = list.Key, UserId = shown.UserId!, Time = shown.Time, FeatureTime = shown.Time, Epoch = 1,
                Position = positions[list.Key] - 1, Assignment = new Assignment("none", "control", "v1.0.0", "policy"), LatencyMs = 1,
                Items = [new ServedItem { Item = item, Slot = SlotKind.Explored, Propensity = 0.05 / pool.Length, Pool = pool }],
            });
        }
        await rig.Database.ServedRecords.AppendAsync(records, Ct);
        return records;
    }

    private static string FolderOf(NightRig rig) => Path.Combine(rig.Data, "nights", $"{Later:yyyy-MM-dd}");

    private static async Task<NightEvaluation> RunAsync(NightRig rig)
    {
        await rig.RunAsync(NightRig.Request(Later));
        return JsonSerializer.Deserialize(
            await File.ReadAllBytesAsync(Path.Combine(FolderOf(rig), "evaluation.json"), Ct), NightJson.Default.NightEvaluation)!;
    }

    private static async Task<GateFile> GateAsync(NightRig rig) => JsonSerializer.Deserialize(
        await File.ReadAllBytesAsync(Path.Combine(FolderOf(rig), "gate.json"), Ct), NightJson.Default.GateFile)!;

    private static async Task<SplitFile> SplitAsync(NightRig rig) => JsonSerializer.Deserialize(
        await File.ReadAllBytesAsync(Path.Combine(FolderOf(rig), "split.json"), Ct), NightJson.Default.SplitFile)!;
}
