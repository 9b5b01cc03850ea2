using RecSys.Api.Contracts;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Explaining;

namespace RecSys.Api.Endpoints;

/// <summary>Turns an explanation into its reply.</summary>
internal static class Explanations
{
    // Sources that have no rank of their own say a number beyond every candidate.
    private const int NoRank = 10_000;

    public static ExplanationBody From(Explanation explanation, ItemCatalog catalog)
    {
        var record = explanation.Record;
        return new ExplanationBody(
            record.RequestId, record.UserId, record.Time, catalog.IdOf(explanation.Item), catalog.TitleOf(explanation.Item),
            Name(explanation.Fate), explanation.Stage, explanation.Reason,
            explanation.Place < 0 ? null : PlaceOf(record.Items[explanation.Place], explanation.Place),
            record.Assignment.ModelVersion, record.Assignment.PolicyHash, record.Position, explanation.Position,
            explanation.FromPresent, explanation.Reproduced,
            explanation.Candidate is { } candidate ? CandidateSourceNames.NamesOf(candidate.Sources) : [],
            [.. explanation.Steps.Select(Step)],
            [.. explanation.Sources.Select(source => new ExplainedProposal(
                source.Source, source.Rank + 1, source.Places, source.Score, source.LastScore))],
            explanation.Score is { } score ? Score(score) : null);
    }

    /// <summary>From 1; null where there is none.</summary>
    public static int? RetrievalRank(int rank) => rank is >= 0 and < NoRank ? rank + 1 : null;

    private static string Name(ItemFate fate) => fate switch
    {
        ItemFate.Served => "served",
        ItemFate.NeverCandidate => "never_candidate",
        ItemFate.Removed => "removed",
        ItemFate.Outranked => "outranked",
        _ => "not_reproduced",
    };

    private static ExplainedPlace PlaceOf(ServedItem item, int place) => new(
        place + 1, item.FinalScore, item.Scores.Count > 0 ? Finite(item.Scores[0]) : null,
        item.RankBeforeRules < 0 ? null : item.RankBeforeRules + 1, CandidateSourceNames.NamesOf((CandidateSources)item.Sources),
        Finite(item.RetrievalScore), RetrievalRank(item.RetrievalRank), item.Slot.ToString().ToLowerInvariant(), item.Propensity);

    private static ExplainedStep Step(ItemStep step) => new(
        step.Stage, step.Kind.ToString().ToLowerInvariant(), step.Candidates, step.Before?.Rank + 1, step.After?.Rank + 1,
        Finite(step.Before?.Score), Finite(step.After?.Score), step.Removed);

    private static ExplainedScore Score(ScoreParts score) => new(
        score.Recorded ? "recorded" : "computed", score.Raw, score.Base, score.Probability, score.RankScore,
        score.Contributions is null
            ? null : [.. score.Contributions.Select(each => new ExplainedFeature(each.Feature, Finite(each.Value), each.Contribution))]);

    private static double? Finite(double? value) => value is { } known && double.IsFinite(known) ? known : null;
}
