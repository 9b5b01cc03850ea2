using RecSys.Core.Monitoring.Drift;

namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>GET /monitoring/drift</c>: how far what is served moved from what the champion was made for.</summary>
/// <param name="Window">As asked for.</param>
/// <param name="Reference">Version of the champion; null where its bundle has nothing to compare with.</param>
/// <param name="From">Where the window begins, up to an hour before its length ago.</param>
/// <param name="To">Now.</param>
/// <param name="Lists">Lists of the champion that were looked at.</param>
/// <param name="Rows">Their places.</param>
/// <param name="NeededLists">Fewest lists that are judged.</param>
/// <param name="Status"><c>no_reference</c>, <c>too_few</c>, <c>stable</c>, <c>watch</c> or <c>drift</c>: the worst of all.</param>
/// <param name="Features">All features, the largest shift first.</param>
/// <param name="Categories">Mix of the places' categories.</param>
/// <param name="Prediction">Click probabilities of the places.</param>
/// <param name="Embedding">Embeddings of the users.</param>
/// <param name="Quality">Events that came in live.</param>
/// <param name="Responsible">What is at <c>watch</c> or worse, the worst first.</param>
/// <param name="Advice">What to do.</param>
public sealed record DriftReport(
    string Window, string? Reference, DateTimeOffset From, DateTimeOffset To, int Lists, int Rows, int NeededLists, string Status,
    IReadOnlyList<DriftHistogramBody> Features, DriftCategoriesBody Categories, DriftHistogramBody Prediction, DriftEmbeddingBody Embedding,
    EventQualityBody Quality, IReadOnlyList<string> Responsible, string Advice)
{
    internal static DriftReport Of(string name, DriftWindow window) => new(
        name, window.Reference, window.From, window.To, window.Lists, window.Rows, DriftLevels.MinLists, window.Status.ToName(),
        [.. window.Features.Select(DriftHistogramBody.Of)], DriftCategoriesBody.Of(window.Categories),
        DriftHistogramBody.Of(window.Prediction), DriftEmbeddingBody.Of(window.Embedding), EventQualityBody.Of(window.Quality),
        window.Responsible, window.Advice);
}
