using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Features;
using RecSys.Core.Import;
using RecSys.Core.Training;
using RecSys.Core.Training.Protocols;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Import;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Training;

/// <summary>A shop with 60 items and 1,500 clicks: it trains, and where settings stand in the way, the advice helps when
/// followed.</summary>
[Collection(TorchCollection.Name)]
public sealed class SmallLogTests : ImportTest
{
    private static string Case(string file) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "cases", file);

    private static TrainingOptions Settings(double userShare = 0.15, int minTargets = 250) => new()
    {
        Towers = ServerFixture.QuickTraining.Towers, RankerUserShare = userShare, MinTargets = minTargets,
    };

    private async Task<InteractionLog> ShopAsync()
    {
        var importer = new RecordImporter(Target, new ImportOptions(Data.Path));
        await importer.ImportAsync(RecordFormat.Csv, RecordKind.Items, [Case("items.csv")], null, Ct);
        await importer.ImportAsync(RecordFormat.Csv, RecordKind.Events, [Case("small-shop-events.csv")], null, Ct);
        return await Database.Log.ReadAsync(null, null, Ct);
    }

    private static int Rows(InteractionLog log, TrainingOptions options)
    {
        using var model = TwoStageTraining.Fit(log, options, FeatureCatalogue.Default, null, Ct);
        return model.Rows.Count;
    }

    [Fact]
    public async Task Fit_SmallShop_Trains() => Assert.InRange(Rows(await ShopAsync(), Settings()), 500, 50_000);

    [Fact]
    public async Task Fit_TooFewChoicesHeldBack_NamesTheOptionThatHelps()
    {
        var log = await ShopAsync();

        var refused = Assert.Throws<RecSysException>(() => Rows(log, Settings(minTargets: 0)));

        Assert.Contains("Raise Training:RankerUserShare", refused.Message, StringComparison.Ordinal);
        Assert.InRange(Rows(log, Settings(userShare: 0.6, minTargets: 0)), 500, 50_000);
    }

    // Users, items of each, and whether that is enough for leave-one-out.
    [Theory]
    [InlineData(5, 2, false)]
    [InlineData(10, 5, false)]
    [InlineData(40, 6, false)]
    [InlineData(300, 3, true)]
    public void Protocols_LogOfAnySize_SayWhatItNeedsInsteadOfSendingToEachOther(int users, int each, bool enough)
    {
        var random = new Random(4);
        var log = new InteractionLog(
            ItemCatalog.Create(Enumerable.Range(0, 30).Select(i => new Item { Id = $"i{i}", Title = $"t{i}", Category = "c" })),
            new UserDirectory(Enumerable.Range(0, users).Select(u => new User { Id = $"u{u}" })),
            [.. Enumerable.Range(0, users).SelectMany(u => Enumerable.Range(0, 30).OrderBy(_ => random.Next()).Take(each)
                .Select((item, at) => new LogEvent(1_700_000_000_000 + at * 3_600_000L + u * 1000, u, item, EventType.View)))
                .OrderBy(e => e.TimeMs)]);

        var leaveOneOut = Record.Exception(() => new LeaveOneOutEvaluation(FeatureCatalogue.Default, Settings()).Run(log, null, Ct));
        var globalTime = Record.Exception(() =>
            new GlobalTimeEvaluation(FeatureCatalogue.Default, Settings()).Run(log, TargetChoices.All, null, Ct));
        var train = Record.Exception(() => Rows(log, Settings()));

        Assert.Equal(enough, leaveOneOut is null);
        // Nobody is sent to what refuses as well.
        if (!enough)
        {
            Assert.DoesNotContain("--protocol", $"{leaveOneOut!.Message} {globalTime?.Message}", StringComparison.Ordinal);
            Assert.Contains("users", leaveOneOut.Message, StringComparison.Ordinal);
        }
        else Assert.Contains("--protocol leave-one-out", globalTime!.Message, StringComparison.Ordinal);
        Assert.Contains("at least 1,000", train!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GlobalTime_AllAtOneMoment_NamesTheProtocolThatHelps()
    {
        var log = await ShopAsync();
        var moment = new InteractionLog(log.Items, log.Users, [.. log.Events.ToArray().Select(e => e with { TimeMs = 1_760_000_000_000 })]);

        var refused = Assert.Throws<RecSysException>(
            () => new GlobalTimeEvaluation(FeatureCatalogue.Default, Settings()).Run(moment, TargetChoices.All, null, Ct));

        Assert.Contains($"--protocol {LeaveOneOutEvaluation.Protocol}", refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(new LeaveOneOutEvaluation(FeatureCatalogue.Default, Settings()).Run(moment, null, Ct).Rows);
    }
}
