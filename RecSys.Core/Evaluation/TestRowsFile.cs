using RecSys.Core.Storage.Parquet;

namespace RecSys.Core.Evaluation;

/// <summary>
/// The outcomes as a Parquet file, so that anybody can compute every figure anew. One row per test row: <c>kind</c> (choice or
/// impression), <c>user_id</c>, <c>item_id</c>, <c>time_ms</c> (Unix), <c>request_id</c>, <c>list</c> (a number, of impressions),
/// <c>label</c> (1 for what was chosen or clicked), <c>position</c> (from 0), then per model <c>rank_*</c> of a choice in the whole
/// catalogue (from 1, infinite where the model does not list it), <c>score_*</c> and where it gives one <c>probability_*</c> of an
/// impression.
/// </summary>
public static class TestRowsFile
{
    private static readonly (string, string)[] common = [("kind", "VARCHAR"), ("user_id", "VARCHAR"), ("item_id", "VARCHAR"),
        ("time_ms", "BIGINT"), ("request_id", "VARCHAR"), ("list", "INTEGER"), ("label", "INTEGER"), ("position", "INTEGER")];

    /// <summary>Positions in the log of all rows, choices first: what <c>requestIds</c> below are asked for.</summary>
    public static long[] Positions(TestOutcomes outcomes)
    {
        var positions = outcomes.Log.Positions.ToArray();
        return [.. outcomes.Choices.Concat(outcomes.Impressions?.Events.ToArray() ?? []).Select(index => positions[index])];
    }

    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="outcomes">The rows.</param>
    /// <param name="requestIds">Of each row, in the order of <see cref="Positions"/>; null where there is none.</param>
    public static void Write(string path, TestOutcomes outcomes, IReadOnlyList<string?> requestIds)
    {
        var models = outcomes.Ranked.Select(result => ($"rank_{Column(result.Model)}", "DOUBLE"))
            .Concat(outcomes.Judged.Select(scores => ($"score_{Column(scores.Model)}", "FLOAT")))
            .Concat(outcomes.Judged.Where(scores => scores.Probabilities is not null)
                .Select(scores => ($"probability_{Column(scores.Model)}", "FLOAT"))).ToArray();
        using var writer = new ParquetWriter(path, [.. common, .. models]);
        var row = new object?[common.Length + models.Length];
        var written = 0;
        for (var at = 0; at < outcomes.Choices.Length; at++)
        {
            Begin("choice", outcomes.Choices[at], list: null, label: 1);
            for (var m = 0; m < outcomes.Ranked.Count; m++) row[common.Length + m] = outcomes.Ranked[m].Ranks[at];
            writer.Append(row);
        }
        for (var at = 0; at < (outcomes.Impressions?.Count ?? 0); at++)
        {
            var shown = outcomes.Impressions!;
            Begin("impression", shown.Events[at], shown.Lists[at], shown.Clicked[at] ? 1 : 0);
            var column = common.Length + outcomes.Ranked.Count;
            foreach (var scores in outcomes.Judged) row[column++] = scores.Scores[at];
            foreach (var scores in outcomes.Judged)
            {
                if (scores.Probabilities is { } probabilities) row[column++] = probabilities[at];
            }
            writer.Append(row);
        }
        writer.Finish();

        void Begin(string kind, int index, int? list, int label)
        {
            Array.Clear(row);
            var e = outcomes.Log.Events[index];
            (row[0], row[1], row[2], row[3]) = (kind, outcomes.Log.Users[e.User].Id, outcomes.Log.Items.IdOf(e.Item), e.TimeMs);
            (row[4], row[5], row[6], row[7]) = (requestIds[written++], list, label, e.Position < 0 ? null : (int)e.Position);
        }
    }

    /// <summary>A model's name as part of a column's: letters, digits and underscores.</summary>
    public static string Column(string model) => string.Concat(model.Select(sign => char.IsAsciiLetterOrDigit(sign) ? sign : '_'));
}
