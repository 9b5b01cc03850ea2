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
