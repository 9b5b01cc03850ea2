using System.Globalization;
using DuckDB.NET.Data;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Impressions;

namespace RecSys.Tests.Evaluation;

/// <summary>Every figure of a report follows from the exported rows, by SQL that knows nothing of the program.</summary>
public sealed class TestRowsFileTests : IDisposable
{
    // Per list, items of one score together: each of them is as likely at each of their places. Of m items with k clicked ones, the first
    // clicked one is the j-th in C(m - j, k - 1) of C(m, k) orders.
    private const string InLists = """
        WITH tied AS (
                SELECT list, score_m, count(*) AS m, sum(label)::BIGINT AS k FROM rows WHERE kind = 'impression' GROUP BY list, score_m),
            blocks AS (SELECT *, (sum(m) OVER w - m)::BIGINT AS before, sum(k) OVER w - k AS clicked FROM tied
                WINDOW w AS (PARTITION BY list ORDER BY score_m DESC)),
            shares AS (SELECT *, k / m
                    * coalesce(list_sum([1 / log2(1 + r) FOR r IN range(before + 1, least(before + m, 10) + 1)]), 0) AS gain,
                CASE WHEN clicked = 0 AND k > 0 THEN list_sum([factorial((m - j)::INT)::DOUBLE / factorial((k - 1)::INT)
                    / factorial((m - j - k + 1)::INT) / (factorial(m::INT)::DOUBLE / factorial(k::INT) / factorial((m - k)::INT))
                    / (before + j) FOR j IN range(1, m - k + 2)]) END AS first FROM blocks),
            lists AS (SELECT sum(gain) / list_sum([1 / log2(1 + r) FOR r IN range(1, least(sum(k)::BIGINT, 10) + 1)]) AS ndcg,
                sum(first) AS rr FROM shares GROUP BY list HAVING sum(k) BETWEEN 1 AND sum(m) - 1)
        """;

    // Mann-Whitney by pairs, inside whatever "part" is.
    private readonly string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".parquet");

    [Fact]
    public void Write_AnyOutcomes_GivesEveryFigureBySql()
    {
        var outcomes = Outcomes();
        TestRowsFile.Write(path, outcomes,
            [.. TestRowsFile.Positions(outcomes).Select(position => $"r{position}")]);

        var row = EvaluationFigures.Rows(outcomes, 1, TestContext.Current.CancellationToken).Single();

        Same(row.HitRateAt10, "SELECT avg((rank_m <= 10)::INT) FROM rows WHERE kind = 'choice'");
        Same(row.HitRateAt50, "SELECT avg((rank_m <= 50)::INT) FROM rows WHERE kind = 'choice'");
        Same(row.RecallAt500, "SELECT avg((rank_m <= 500)::INT) FROM rows WHERE kind = 'choice'");
        Same(row.NdcgAt10, "SELECT avg(CASE WHEN rank_m <= 10 THEN 1 / log2(1 + rank_m) ELSE 0 END) FROM rows WHERE kind = 'choice'");
        Same(row.Mrr, "SELECT avg(1 / rank_m) FROM rows WHERE kind = 'choice'");
        Same(row.Auc, In("kind") + " SELECT auc FROM pairs");
        Same(row.Gauc, In("user_id") + """
             , sizes AS (SELECT user_id, count(*) AS size FROM rows WHERE kind = 'impression' GROUP BY user_id)
             SELECT sum(auc * size) / sum(size) FROM pairs JOIN sizes ON part = user_id
            """);
        Same(row.ListAuc, In("list") + " SELECT avg(auc) FROM pairs");
        Same(row.ListNdcgAt10, InLists + " SELECT avg(ndcg) FROM lists");
        Same(row.ListMrr, InLists + " SELECT avg(rr) FROM lists");
        Same(row.LogLoss, """
            SELECT -avg(ln(CASE label WHEN 1 THEN probability_m::DOUBLE ELSE 1 - probability_m::DOUBLE END)) FROM rows
            WHERE kind = 'impression'
            """);
        Assert.All(row.Intervals!.Keys,
            figure => Assert.InRange(row[figure]!.Value, row.Intervals[figure].Low, row.Intervals[figure].High));
    }

    [Fact]
    public void Write_Rows_SaysWhatEachIs()
    {
        var outcomes = Outcomes();
        TestRowsFile.Write(path, outcomes,
            [.. TestRowsFile.Positions(outcomes).Select(position => position % 2 == 0 ? $"r{position}" : null)]);

        var first = outcomes.Log.Events[outcomes.Choices[0]];
        Assert.Equal($"u{first.User} i{first.Item} {first.TimeMs}",
            Query("SELECT user_id || ' ' || item_id || ' ' || time_ms FROM rows WHERE kind = 'choice' LIMIT 1"));
        Assert.Equal(outcomes.Choices.Length.ToString(CultureInfo.InvariantCulture),
            Query("SELECT count(*) FROM rows WHERE kind = 'choice' AND label = 1 AND score_m IS NULL AND list IS NULL"));
        Assert.Equal(outcomes.Impressions!.Count.ToString(CultureInfo.InvariantCulture),
            Query("SELECT count(*) FROM rows WHERE kind = 'impression' AND rank_m IS NULL AND score_m IS NOT NULL AND position = 3"));
        var positions = TestRowsFile.Positions(outcomes);
        Assert.Equal(positions.Count(position => position % 2 == 0).ToString(CultureInfo.InvariantCulture),
            Query("SELECT count(request_id) FROM rows"));
        Assert.Equal(outcomes.Log.Events[outcomes.Impressions!.Events[0]].TimeMs,
            outcomes.Log.Events[(int)positions[outcomes.Choices.Length] - 1].TimeMs);
    }

    public void Dispose() => File.Delete(path);

    private static string In(string part) => $"""
        WITH pairs AS (SELECT p.{part} AS part, avg(
                CASE WHEN p.score_m > n.score_m THEN 1 WHEN p.score_m = n.score_m THEN 0.5 ELSE 0 END) AS auc
            FROM rows p JOIN rows n ON p.{part} = n.{part}
            WHERE p.kind = 'impression' AND n.kind = 'impression' AND p.label = 1 AND n.label = 0
            GROUP BY p.{part})
        """;

    private void Same(double? expected, string sql) =>
        Assert.Equal(expected!.Value, double.Parse(Query(sql), CultureInfo.InvariantCulture), 1e-9);

    private string Query(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"CREATE VIEW rows AS SELECT * FROM read_parquet('{path}')";
        command.ExecuteNonQuery();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture)!;
    }

    // Scores with many ties, ranks of all sizes, lists of up to twelve.
    private static TestOutcomes Outcomes()
    {
        var random = new Random(9);
        var events = new List<LogEvent>();
        for (var i = 0; i < 600; i++)
            events.Add(new LogEvent(i / 12, random.Next(20), i % 30, EventType.Impression, Position: 3) { List = random.Next(3) });
        for (var i = 0; i < 80; i++) events.Add(new LogEvent(1000 + i, i % 20, i % 30, EventType.Click));
        var log = Logs.Of(20, 30, [.. events]);
        bool[] clicked = [.. Enumerable.Range(0, 600).Select(_ => random.Next(4) == 0)];
        var set = new ImpressionSet(log, [.. Enumerable.Range(0, 600)], clicked);
        float[] scores = [.. clicked.Select(click => random.Next(6) + (click ? 1f : 0))];
        double[] ranks = [.. Enumerable.Range(0, 80).Select(i => i % 7 == 0 ? double.PositiveInfinity : Math.Floor(Math.Pow(1.1, i)))];
        int[] choices = [.. Enumerable.Range(600, 80)];
        return new TestOutcomes(log, choices, [new FullRankingResult("m", [.. choices.Select(i => log.Events[i].User)], ranks, new long[30])
            { Knows = Knowledge.User }])
        {
            Impressions = set,
            Judged = [new ImpressionScores("m", Knowledge.User, scores, [.. scores.Select(score => (score + 1) / 10)])],
        };
    }
}
