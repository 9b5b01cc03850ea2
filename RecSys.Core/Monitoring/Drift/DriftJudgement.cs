using System.Collections.Immutable;
using RecSys.Core.Features;
using RecSys.Core.Models.Reference;

namespace RecSys.Core.Monitoring.Drift;

/// <summary>Compares counts with the reference of their model.</summary>
/// <param name="catalogue">The features.</param>
/// <param name="reference">Of the model; null where its bundle has none.</param>
/// <param name="counts">Lists of that model.</param>
internal sealed class DriftJudgement(FeatureCatalogue catalogue, DriftReference? reference, DriftCounts counts)
{
    /// <param name="from">Where the window begins.</param>
    /// <param name="to">Now.</param>
    public DriftWindow Judge(DateTimeOffset from, DateTimeOffset to)
    {
        var features = Enumerable.Range(0, catalogue.Count).Select(FeatureOf)
            .OrderByDescending(feature => feature.Shift.Psi).ThenBy(feature => feature.Name, StringComparer.Ordinal).ToList();
        var categories = CategoryMix();
        var prediction = Histogram(DriftWindow.PredictionName, reference?.Scores, DriftReference.ScoreEdges, counts.Scores, judged: true);
        var embedding = Embeddings();
        var all = DriftWindow.All(features, categories, prediction, embedding).ToList();
        var status = Overall(all);
        string[] responsible = [.. all.Where(each => each.Shift.Status >= DriftStatus.Watch)
            .OrderByDescending(each => each.Shift.Psi).Select(each => each.Name)];
        return new DriftWindow(
            reference is null ? null : counts.Version, from, to, counts.Lists, counts.Rows, status, features, categories, prediction,
            embedding, counts.Quality, responsible, DriftAdvice.Of(status, counts.Lists, responsible));
    }

    private DriftStatus Overall(IEnumerable<(string Name, Shift Shift)> all) => reference is null ? DriftStatus.NoReference
        : counts.Lists < DriftLevels.MinLists ? DriftStatus.TooFew : all.Max(each => each.Shift.Status);

    private ShiftedHistogram FeatureOf(int column)
    {
        var feature = catalogue.Features[column];
        var known = reference?.Features.GetValueOrDefault(feature.Name);
        if (known is not null && !known.Edges.AsSpan().SequenceEqual(feature.DriftBins.AsSpan())) known = null;
        return Histogram(feature.Name, known, feature.DriftBins, counts.Feature(column), judged: !feature.OfTheMoment);
    }

    private ShiftedHistogram Histogram(
        string name, FeatureHistogram? known, IReadOnlyList<float> edges, ReadOnlySpan<int> current, bool judged)
    {
        int[] before = known?.WithMissing ?? [];
        if (before.Length != current.Length) before = [];
        return new ShiftedHistogram(
            name, ShiftOf(before, current, counts.Lists, judged), Sum(current), edges, Shares(before), Shares(current));
    }

    private CategoryShift CategoryMix()
    {
        if (reference?.Categories is not { } known) return new CategoryShift(ShiftOf([], [], 0, judged: true), []);
        var names = known.OrderByDescending(category => category.Value).ThenBy(category => category.Key, StringComparer.Ordinal)
            .Select(category => category.Key).ToList();
        int[] before = [.. names.Select(name => known[name])];
        int[] current = [.. names.Select(name => counts.Categories.GetValueOrDefault(name))];
        var (then, now) = (Shares(before), Shares(current));
        return new CategoryShift(
            ShiftOf(before, current, counts.Lists, judged: true), [.. names.Select((name, i) => new CategoryShare(name, then[i], now[i]))]);
    }

    private EmbeddingShift Embeddings()
    {
        var known = reference?.Embedding;
        int[] before = known?.Cosines.WithMissing ?? [];
        if (before.Length != counts.Cosines.Length) before = [];
        var cosines = new ShiftedHistogram(
            DriftWindow.EmbeddingName, ShiftOf(before, counts.Cosines, counts.Embeddings, judged: true), counts.Embeddings,
            DriftReference.CosineEdges, Shares(before), Shares(counts.Cosines));
        return new EmbeddingShift(cosines, MeanShift(known));
    }

    // Embeddings have length one, so the mean square around a mean m is 1 - |m|^2, and that of a mean of n of them an n-th of it.
    private double? MeanShift(EmbeddingReference? known)
    {
        if (known is null || counts.Embeddings == 0 || counts.EmbeddingSum.Length != known.Mean.Length) return null;
        var (distance, length) = (0.0, 0.0);
        for (var i = 0; i < known.Mean.Length; i++)
        {
            distance += Math.Pow(counts.EmbeddingSum[i] / counts.Embeddings - known.Mean[i], 2);
            length += (double)known.Mean[i] * known.Mean[i];
        }
        var spread = 1 - length;
        if (spread <= 0) return null;
        return Math.Max(0, distance / spread - 1.0 / counts.Embeddings - 1.0 / reference!.Lists);
    }

    // Places of a list are alike, so the lists are what tells how sure the shares are.
    private Shift ShiftOf(ReadOnlySpan<int> before, ReadOnlySpan<int> current, int lists, bool judged)
    {
        if (before.IsEmpty || Sum(before) == 0) return new Shift(null, null, null, DriftStatus.NoReference);
        if (lists == 0) return new Shift(null, null, null, judged ? DriftStatus.TooFew : DriftStatus.NotJudged);
        var raw = StabilityIndex.Of(before, current);
        var noise = StabilityIndex.Noise(before, current, lists, reference!.Lists);
        var psi = Math.Max(0, raw - noise);
        return new Shift(psi, raw, noise,
            !judged ? DriftStatus.NotJudged : lists < DriftLevels.MinLists ? DriftStatus.TooFew : DriftLevels.Of(psi));
    }

    private static int Sum(ReadOnlySpan<int> counts)
    {
        var sum = 0;
        foreach (var count in counts) sum += count;
        return sum;
    }

    private static ImmutableArray<double> Shares(ReadOnlySpan<int> counts)
    {
        var (shares, sum) = (ImmutableArray.CreateBuilder<double>(counts.Length), Math.Max(1, Sum(counts)));
        foreach (var count in counts) shares.Add((double)count / sum);
        return shares.MoveToImmutable();
    }
}
