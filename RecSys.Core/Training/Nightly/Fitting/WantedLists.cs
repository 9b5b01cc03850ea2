using RecSys.Core.Domain;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Nightly.Fitting;

/// <summary>
/// Lists of a window that become rows: of the training part the latest, of the other two lists at even distances, each part up to its
/// limit.
/// </summary>
/// <param name="Lists">Those taken, in order.</param>
/// <param name="Offered">Impressions by part.</param>
/// <param name="Used">Impressions of the lists taken, by part.</param>
/// <param name="Limits">Most rows by part.</param>
internal sealed record WantedLists(
    ImpressionLists Lists, IReadOnlyDictionary<string, long> Offered, IReadOnlyDictionary<string, long> Used, RowLimits Limits)
{
    /// <summary>None where the window has no impressions.</summary>
    public static WantedLists Of(NightData data, SplitFile split, TrainingOptions options)
    {
        var all = split.Impressions ? new ImpressionLists(data.Log, leftOut: data.LeftOut) : ImpressionLists.Of([]);
        var offered = CountsOf(data.Log, all, split);
        var limits = RowLimits.Of(offered, options);
        var lists = Take(data.Log, all, split, limits);
        return new WantedLists(lists, offered, CountsOf(data.Log, lists, split), limits);
    }

    private static ImpressionLists Take(InteractionLog log, ImpressionLists all, SplitFile split, RowLimits limits)
    {
        var taken = new bool[all.Count];
        var parts = Enumerable.Range(0, all.Count).ToLookup(list => split.PartOf(TimeOf(log, all, list)));
        var rows = 0L;
        foreach (var list in parts[SplitFile.TrainPart].OrderByDescending(list => TimeOf(log, all, list)).ThenByDescending(list => list))
        {
            rows += all[list].Length;
            if (rows > limits.Train) break;
            taken[list] = true;
        }
        Thin(SplitFile.ValidationPart, limits.Validation);
        Thin(SplitFile.TestPart, limits.Test);
        return all.Where(list => taken[list]);

        void Thin(string part, long most)
        {
            var lists = parts[part].ToArray();
            var share = Math.Min(1, most / (double)Math.Max(1, lists.Sum(list => (long)all[list].Length)));
            // So many of the first i lists are taken that the share holds for each i.
            for (var i = 0; i < lists.Length; i++) taken[lists[i]] = (long)((i + 1) * share) > (long)(i * share);
        }
    }

    private static Dictionary<string, long> CountsOf(InteractionLog log, ImpressionLists lists, SplitFile split)
    {
        var counts = new Dictionary<string, long>
        {
            [SplitFile.TrainPart] = 0, [SplitFile.ValidationPart] = 0, [SplitFile.TestPart] = 0,
        };
        for (var list = 0; list < lists.Count; list++) counts[split.PartOf(TimeOf(log, lists, list))] += lists[list].Length;
        return counts;
    }

    private static long TimeOf(InteractionLog log, ImpressionLists lists, int list) => log.Events[lists[list][0]].TimeMs;
}
