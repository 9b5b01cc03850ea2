using RecSys.Api.Commands.Simulating;
using RecSys.Core.Simulation.Truth;

namespace RecSys.Tests.Commands;

/// <summary>Figures of retraining by hand.</summary>
public sealed class RetrainingReportTests
{
    // Click rates of 1/10 and 3/10 without a refit, 2/10 and 5/10 with it: the gains are 0.1 and 0.2.
    private static readonly RetrainedRun[] runs =
    [
        Run(1, 10, 20), Run(2, 30, 50),
    ];

    [Fact]
    public void Json_RunsThatRefit_HaveRatesAndThePairedDifference()
    {
        var json = RetrainingReport.Json(runs);

        Assert.Equal(0.2, (double)json["retrained_ctr"]!, 1e-12);
        Assert.Equal(0.35, (double)json["refitted_ctr"]!, 1e-12);
        Assert.Equal(0.15, (double)json["refit_difference"]!["mean"]!, 1e-12);
        // Two values 0.05 from their mean: Student's t with one degree of freedom, 12.706, times 0.05.
        Assert.Equal(0.15 - 12.7062 * 0.05, (double)json["refit_difference"]!["low"]!, 1e-4);
        Assert.Equal([0.2], json["by_seed"]![0]!["refitted_ctr"]!.AsArray().Select(rate => (double)rate!));
        Assert.Equal("refitted", (string?)json["refitted_decisions"]![1]!["model"]);
        Assert.Equal("judged", (string?)json["decisions"]![0]!["model"]);
    }

    [Fact]
    public void Json_RunsThatDoNotRefit_SayNothingOfIt()
    {
        var json = RetrainingReport.Json([runs[0] with { Refitted = null, RefittedDecisions = [] }]);

        Assert.DoesNotContain("refit", json.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_RunsThatRefit_HaveAColumnForThem()
    {
        var text = RetrainingReport.Text(runs);

        Assert.Matches("all +0.2000 +0.0000 +[+]0.2000 +0.3500 +[+]0.1500", text);
        Assert.Matches("improve +refitted +2", text);
        Assert.DoesNotContain("refitted", RetrainingReport.Text([runs[0] with { Refitted = null }]), StringComparison.Ordinal);
    }

    private static RetrainedRun Run(int seed, int retrained, int refitted) => new(
        seed, [Day(retrained)], [Day(0)], [new NightDecision(0, "v1.0.0", "first", ["good"], "judged")])
    {
        Refitted = [Day(refitted)],
        RefittedDecisions = [new NightDecision(0, "v1.0.1", "improve", ["better"], "refitted")],
    };

    private static DayTotals Day(int clicks) => new(1) { Impressions = 100, Clicks = clicks };
}
