namespace RecSys.Core.Monitoring.Drift;

/// <summary>How far what is served moved from what the champion was made for.</summary>
/// <param name="Reference">Version of the champion, whose bundle is compared with; null where it has no reference.</param>
/// <param name="From">Where the window begins, up to an hour before its length ago.</param>
/// <param name="To">Now.</param>
/// <param name="Lists">Lists of the champion that were looked at.</param>
/// <param name="Rows">Their places.</param>
/// <param name="Status">The worst of all that are judged.</param>
/// <param name="Features">All features, the largest shift first.</param>
/// <param name="Categories">The mix of the places' categories.</param>
/// <param name="Prediction">Click probabilities of the places.</param>
/// <param name="Embedding">Embeddings of the users.</param>
/// <param name="Quality">What became of the events that came in.</param>
/// <param name="Responsible">What is at <see cref="DriftStatus.Watch"/> or worse, the worst first.</param>
/// <param name="Advice">What to do, in a sentence.</param>
public sealed record DriftWindow(
    string? Reference, DateTimeOffset From, DateTimeOffset To, int Lists, int Rows, DriftStatus Status,
    IReadOnlyList<ShiftedHistogram> Features, CategoryShift Categories, ShiftedHistogram Prediction, EmbeddingShift Embedding,
    EventQuality Quality, IReadOnlyList<string> Responsible, string Advice)
{
    /// <summary>Names in <see cref="Responsible"/> of what is no feature.</summary>
    internal const string CategoryMix = "category_mix", PredictionName = "prediction", EmbeddingName = "user_embedding";

    /// <summary>Everything that is compared, by name: features, the mix of categories, predictions and embeddings.</summary>
    internal IEnumerable<(string Name, Shift Shift)> Shifts => All(Features, Categories, Prediction, Embedding);

    /// <summary>As <see cref="Shifts"/>, of what is no window yet.</summary>
    internal static IEnumerable<(string Name, Shift Shift)> All(
        IEnumerable<ShiftedHistogram> features, CategoryShift categories, ShiftedHistogram prediction, EmbeddingShift embedding) =>
        features.Select(feature => (feature.Name, feature.Shift)).Append((CategoryMix, categories.Shift))
            .Append((PredictionName, prediction.Shift)).Append((EmbeddingName, embedding.Cosines.Shift));
}
