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
    string? Reference, DateTimeOffset From, DateTimeOffset To, int Lists, int Rows, DriftStatus Status, IReadOnlyList<ShiftedHistogram> Features,
    CategoryShift Categories, ShiftedHistogram Prediction, EmbeddingShift Embedding, EventQuality Quality, IReadOnlyList<string> Responsible,
    string Advice);

/// <summary>A stability index and what it says.</summary>
/// <param name="Psi">The index without what two samples of one distribution have on average; 0 where that is more. Null without a
/// reference.</param>
/// <param name="RawPsi">The index as its formula gives it; see <see cref="Models.Reference.StabilityIndex"/>.</param>
/// <param name="Noise">What two samples of one distribution have on average.</param>
/// <param name="Status">By <see cref="Psi"/>.</param>
public sealed record Shift(double? Psi, double? RawPsi, double? Noise, DriftStatus Status);

/// <summary>A histogram beside that of the reference.</summary>
/// <param name="Name">Of the feature.</param>
/// <param name="Shift">How far it moved.</param>
/// <param name="Rows">What was counted: places, or lists where all places of a list are alike.</param>
/// <param name="Edges">Inner edges of the bins, one fewer than bins.</param>
/// <param name="Reference">Shares by bin; what is missing is the last. Empty without a reference.</param>
/// <param name="Current">As <paramref name="Reference"/>.</param>
public sealed record ShiftedHistogram(
    string Name, Shift Shift, int Rows, IReadOnlyList<float> Edges, IReadOnlyList<double> Reference, IReadOnlyList<double> Current);

/// <summary>The mix of categories.</summary>
/// <param name="Shift">How far it moved.</param>
/// <param name="Shares">By category, the largest of the reference first.</param>
public sealed record CategoryShift(Shift Shift, IReadOnlyList<CategoryShare> Shares);

/// <summary>A category's part of the places.</summary>
/// <param name="Category">Its name, empty for items without one; <c>other</c> for all that have no row.</param>
/// <param name="Reference">Its share then.</param>
/// <param name="Current">Its share now.</param>
public sealed record CategoryShare(string Category, double Reference, double Current);

/// <summary>Embeddings of users.</summary>
/// <param name="Cosines">How near they are to the mean of the reference; its index is what is judged.</param>
/// <param name="MeanShift">
/// Squared distance of the means, without what chance gives, as a share of the spread around the reference's mean: the squared maximum mean
/// discrepancy of a linear kernel (Gretton et al. 2012). Null without a reference or lists.
/// </param>
public sealed record EmbeddingShift(ShiftedHistogram Cosines, double? MeanShift);
