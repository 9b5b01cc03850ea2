using System.Numerics.Tensors;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Reasons;

/// <summary>
/// Says why the items of a finished list are there, by the sources that proposed each and by what these go by. A reason that cannot be
/// shown to hold is left out: every item has at least one, and none is made up.
/// </summary>
public static class ItemReasons
{
    /// <summary>Reasons of every item of the list, in its order; of each the one that says most about the user first.</summary>
    public static IReadOnlyList<ItemReason>[] Of(RecommendationContext context)
    {
        var evidence = new RecentEvidence(context);
        var candidates = context.Candidates.Items;
        var reasons = new IReadOnlyList<ItemReason>[candidates.Length];
        for (var i = 0; i < reasons.Length; i++) reasons[i] = Of(context, in candidates[i], evidence);
        return reasons;
    }

    private static List<ItemReason> Of(RecommendationContext context, in Candidate candidate, RecentEvidence evidence)
    {
        var reasons = new List<ItemReason>(3);
        var (catalog, sources) = (context.Catalog, candidate.Sources);
        if (sources.HasFlag(CandidateSources.Pinned)) reasons.Add(new ItemReason(ReasonCodes.Featured, "Featured"));
        if (candidate.Slot == SlotKind.Explored) reasons.Add(new ItemReason(ReasonCodes.Explored, "Something different"));
        if (sources.HasFlag(CandidateSources.Seeds) && NearestSeed(context, candidate.Item) is { } seed)
            reasons.Add(new ItemReason(ReasonCodes.SimilarTo, $"Similar to {catalog.TitleOf(seed)}", seed));
        if (evidence.For(in candidate) is { } recent)
            reasons.Add(new ItemReason(ReasonCodes.BecauseYouChose, $"Because you chose {catalog.TitleOf(recent)}", recent));
        var category = catalog.CategoryNameOf(candidate.Item);
        if (sources.HasFlag(CandidateSources.Trending)) reasons.Add(new ItemReason(ReasonCodes.Trending, In("Trending", category)));
        if (sources.HasFlag(CandidateSources.New)) reasons.Add(new ItemReason(ReasonCodes.New, In("New", category)));
        if ((sources & (CandidateSources.Popular | CandidateSources.Static)) != 0)
            reasons.Add(new ItemReason(ReasonCodes.Popular, In("Popular", category)));
        if (IsPersonal(context, sources)) reasons.Add(new ItemReason(ReasonCodes.PickedForYou, "Picked for you"));
        if (sources.HasFlag(CandidateSources.LastList)) reasons.Add(new ItemReason(ReasonCodes.PickedBefore, "Picked for you before"));
        if (sources.HasFlag(CandidateSources.Repeated)) reasons.Add(new ItemReason(ReasonCodes.SeenBefore, "Seen before"));
        if (reasons.Count == 0) reasons.Add(Otherwise(sources));
        return reasons;
    }

    private static bool IsPersonal(RecommendationContext context, CandidateSources sources) => context.NotPersonal is null
        && (sources & (CandidateSources.TwoTower | CandidateSources.Neighbours | CandidateSources.CoVisitation)) != 0;

    private static ItemReason Otherwise(CandidateSources sources) => sources.HasFlag(CandidateSources.TwoTower)
        ? new ItemReason(ReasonCodes.Recommended, "Recommended") : new ItemReason(ReasonCodes.More, "More to discover");

    private static string In(string what, string category) => category.Length == 0 ? what : $"{what} in {category}";

    private static int? NearestSeed(RecommendationContext context, int item)
    {
        if (context.Wishes is not { } wishes || !context.Model.TryGet(item, out var embedding)) return null;
        var (nearest, best) = ((int?)null, float.NegativeInfinity);
        foreach (var seed in wishes.Seeds)
        {
            if (!context.Catalog.IsServable(seed) || context.Catalog.TitleOf(seed).Length == 0) continue;
            if (!context.Model.TryGet(seed, out var other)) continue;
            var likeness = TensorPrimitives.Dot(embedding, other);
            if (likeness > best) (nearest, best) = (seed, likeness);
        }
        return nearest;
    }
}
