using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Data;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation.OffPolicy;
using RecSys.Core.Import.DataSets;
using RecSys.Tests.Import;

namespace RecSys.Tests.Evaluation.OffPolicy;

/// <summary>Policies judged by logs in the published layout of the Open Bandit Dataset, beside plain SQL over the same files.</summary>
public sealed class PolicyJudgingTests : ImportTest
{
    private static readonly OffPolicyOptions Quick = new() { Samples = 200, Cluster = OffPolicyCluster.Request };

    [Theory]
    [InlineData("random", "bts", "men")]
    [InlineData("bts", "random", "men")]
    [InlineData("random", "bts", "women")]
    public async Task Run_PolicyWithALogOfItsOwn_IsWhatSqlSaysAndNearTheTruth(string behaviour, string target, string campaign)
    {
        var path = OpenBanditFolder.Write(Source, 6000, ("men", 5), ("women", 8));
        var judgement = PolicyJudging.Run(await LogsAsync(campaign), behaviour, target, Quick, Ct);

        // Random always has the same propensities, so they are taken as logged; bts changes, so its log is counted.
        var probabilities = target == "random"
            ? $"SELECT item_id, position, min(propensity_score) AS p FROM '{path(target, campaign)}' GROUP BY ALL"
            : $"""
                SELECT item_id, position, count(*) / sum(count(*)) OVER (PARTITION BY position) AS p
                FROM '{path(target, campaign)}' GROUP BY item_id, position
                """;
        var (ips, snips, effective, truth) = Sql($"""
            WITH target AS ({probabilities}),
            weighted AS (
                SELECT click, coalesce(p, 0) / propensity_score AS w
                FROM '{path(behaviour, campaign)}' LEFT JOIN target USING (item_id, position))
            SELECT avg(w * click), sum(w * click) / sum(w), sum(w) * sum(w) / sum(w * w),
                (SELECT avg(click) FROM '{path(target, campaign)}')
            FROM weighted
            """);
        var report = judgement.Report;
        Assert.Null(report.Refusal);
        Assert.Equal(ips, report[OffPolicyEstimator.Ips].Value.Value, 1e-9);
        Assert.Equal(snips, report[OffPolicyEstimator.Snips].Value.Value, 1e-9);
        Assert.Equal(effective, report.EffectiveSampleSize, effective * 1e-9);
        Assert.Equal(truth, judgement.Truth!.Value.Value, 1e-12);
        Assert.Equal(6000, report.Decisions);
        // The estimates and the truth come from logs that share nothing but the policy.
        foreach (var estimate in report.Estimates)
        {
            Assert.InRange(judgement.RelativeError(estimate)!.Value, 0, 0.15);
            Assert.Equal(Math.Abs(estimate.Value.Value - truth) / truth, judgement.RelativeError(estimate)!.Value, 1e-9);
        }
        // The policies do not earn the same, so an estimate that only repeated the log would be noticed.
        Assert.True(Math.Abs(report.LoggedValue.Value - truth) / truth > 0.2);
    }

    [Fact]
    public async Task Run_Uniform_NeedsNoLogOfItsOwn()
    {
        var path = OpenBanditFolder.Write(Source, 6000, ("men", 5));

        var judgement = PolicyJudging.Run(await LogsAsync(), "bts", PolicyJudging.Uniform, Quick, Ct);

        var (ips, snips, _, truth) = Sql($"""
            SELECT avg(0.2 / propensity_score * click), sum(0.2 / propensity_score * click) / sum(0.2 / propensity_score), 0,
                (SELECT avg(click) FROM '{path("random", "men")}')
            FROM '{path("bts", "men")}'
            """);
        Assert.Null(judgement.Truth);
        Assert.Equal(ips, judgement.Report[OffPolicyEstimator.Ips].Value.Value, 1e-9);
        Assert.Equal(snips, judgement.Report[OffPolicyEstimator.Snips].Value.Value, 1e-9);
        Assert.InRange(judgement.Report[OffPolicyEstimator.DoublyRobust].Value.Value / truth, 0.85, 1.15);
    }

    [Fact]
    public async Task Run_Popular_IsFittedOnTheEarlierHalfAndJudgedOnTheLater()
    {
        var path = OpenBanditFolder.Write(Source, 6000, ("men", 5));

        var judgement = PolicyJudging.Run(await LogsAsync(), "random", PolicyJudging.Popular, Quick, Ct);

        // The items in the order of their clicks per impression in the first half; the smoothing moves equal amounts of tries alike.
        var (ips, _, _, _) = Sql($"""
            WITH log AS (FROM '{path("random", "men")}'),
            rates AS (
                SELECT item_id, (sum(click) + 1) / (count(*) + 1 / (SELECT avg(click) FROM log WHERE column00 < 3000)) AS rate
                FROM log WHERE column00 < 3000 GROUP BY ALL),
            best AS (SELECT item_id, row_number() OVER (ORDER BY rate DESC, item_id) AS place FROM rates)
            SELECT avg(CASE WHEN place = position THEN click / propensity_score ELSE 0 END), 0, 0, 0
            FROM log LEFT JOIN best USING (item_id) WHERE column00 >= 3000
            """);
        Assert.Equal(3000, judgement.Report.Decisions);
        Assert.Equal(ips, judgement.Report[OffPolicyEstimator.Ips].Value.Value, 1e-9);
        Assert.True(judgement.Report[OffPolicyEstimator.Snips].Gain.Low > 0);
    }

    [Fact]
    public async Task Run_TooLittleEvidence_IsRefusedInWords()
    {
        OpenBanditFolder.Write(Source, 40, ("men", 5));

        var judgement = PolicyJudging.Run(await LogsAsync(), "random", "bts", Quick, Ct);

        Assert.Empty(judgement.Report.Estimates);
        Assert.Contains("No estimate: ", judgement.ToTable(), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(PolicyJudgement.ToJson([judgement]));
        Assert.NotNull(json.RootElement[0].GetProperty("refusal").GetString());
        Assert.Equal(40, json.RootElement[0].GetProperty("decisions").GetInt32());
    }

    [Theory]
    [InlineData(OffPolicyCluster.User, "users")]
    [InlineData(OffPolicyCluster.Request, "lists")]
    public async Task ToTable_Clusters_AreCalledWhatTheyAre(OffPolicyCluster cluster, string what)
    {
        OpenBanditFolder.Write(Source, 400, ("men", 5));
        var logs = await LogsAsync();
        var own = logs.Single(log => log.Policy == "random").Decisions;
        var expected = cluster == OffPolicyCluster.User ? own.Select(each => each.User).Distinct().Count()
            : own.Select(each => each.Request).Distinct().Count();

        var judgement = PolicyJudging.Run(logs, "random", "bts", Quick with { Cluster = cluster }, Ct);

        Assert.Contains($"  400 places of {expected} {what}, worth", judgement.ToTable(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PolicyThatNeverServed_NamesThoseThatDid()
    {
        OpenBanditFolder.Write(Source, 40, ("men", 5));
        var logs = await LogsAsync();

        var target = Assert.Throws<RecSysException>(() => PolicyJudging.Run(logs, "random", "nobody", Quick, Ct));
        var behaviour = Assert.Throws<RecSysException>(() => PolicyJudging.Run(logs, "nobody", "random", Quick, Ct));

        Assert.All([target, behaviour],
            refusal => Assert.Contains("There are lists of: bts, random", refusal.Message, StringComparison.Ordinal));
    }

    private async Task<IReadOnlyList<PolicyLog>> LogsAsync(string campaign = "men")
    {
        await new OpenBanditImporter(Target, Options, Database.ServedRecords, Database.EventLog).ImportAsync(Source.Path, null, Ct);
        return await new PolicyLogReader(Database.ServedRecords, Database.EventLog).ReadAsync(campaign, null, Ct);
    }

    private static (double Ips, double Snips, double Effective, double Truth) Sql(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        return (Number(0), Number(1), Number(2), Number(3));

        double Number(int column) => Convert.ToDouble(reader.GetValue(column), CultureInfo.InvariantCulture);
    }
}
