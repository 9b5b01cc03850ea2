using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Explaining;

/// <summary>
/// Tells of any item why it is in a served list or is not. The list is made once more, by the same stages, at its time, under its id and
/// with user and rules as of its position, while a trace watches the item. Counters of items, and what is popular, are those of now: the
/// explanation says so, and whether the list came out as it was served. What is on record counts before what is computed again.
/// </summary>
/// <param name="recommender">Makes the list again.</param>
/// <param name="worlds">Gives the present world.</param>
/// <param name="users">Knows the user of then.</param>
/// <param name="rules">Knows the rules of then.</param>
/// <param name="wishes">Knows what the request asked for.</param>
/// <param name="policies">Known policies.</param>
/// <param name="catalogue">Names the features.</param>
/// <param name="stages">All stages, the sources among them.</param>
public sealed class Explainer(
    Recommender recommender, WorldSource worlds, PastUsers users, PastRules rules, PastWishes wishes, PolicyBook policies,
    FeatureCatalogue catalogue, IEnumerable<IStage> stages)
{
    private readonly IRankedSource[] sources = [.. stages.OfType<IRankedSource>()];

    /// <summary>Explains an item of a list.</summary>
    /// <param name="record">The list.</param>
    /// <param name="item">Number of the item.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>Null when the model that served is not in memory.</returns>
    public async Task<Explanation?> ExplainAsync(ServedRecord record, int item, CancellationToken cancellationToken)
    {
        var present = worlds.Take();
        var user = await UserOfAsync(record, present, cancellationToken);
        var rulesOfThen = await rules.FindAsync(record, present, cancellationToken);
        var trace = new ItemTrace(item);
        var world = present.Recall(user, record.FeatureTime.ToUnixTimeMilliseconds()).With(rulesOfThen ?? present.Rules);
        var unknown = new List<string>();
        var asked = wishes.Of(record, unknown);
        if (await recommender.RepeatAsync(record, asked, world, trace, cancellationToken) is not { } context) return null;
        try
        {
            var now = FromPresent(record, present, user is not null, rulesOfThen is not null);
            return Explain(record, context, trace, [.. now, .. unknown]);
        }
        finally
        {
            recommender.Complete(context);
        }
    }

    private async Task<UserCopy?> UserOfAsync(ServedRecord record, ServingWorld world, CancellationToken cancellationToken) =>
        record.Epoch == world.Epoch && record.Position <= world.Position
            ? await users.FindAsync(record.UserId, record.Position, world.Features, cancellationToken) : null;

    private List<string> FromPresent(ServedRecord record, ServingWorld world, bool isUserOfThen, bool areRulesOfThen)
    {
        var present = new List<string>();
        var moved = record.Epoch != world.Epoch || record.Position != world.Position;
        if (moved) present.Add(Explanation.Items);
        if (moved && !isUserOfThen) present.Add(Explanation.User);
        if (!areRulesOfThen) present.Add(Explanation.Rules);
        if (policies.Find(record.Assignment.PolicyHash) is null) present.Add(Explanation.Policy);
        return present;
    }

    private Explanation Explain(ServedRecord record, RecommendationContext context, ItemTrace trace, List<string> fromPresent)
    {
        var place = record.Items.ToList().FindIndex(each => each.Item == trace.Item);
        var (fate, stage, reason) = place >= 0
            ? (ItemFate.Served, null, null) : LostItems.Find(context, trace, record.Items.Count);
        return new Explanation
        {
            Record = record,
            Item = trace.Item,
            Position = context.World.Position,
            FromPresent = fromPresent,
            Reproduced = context.Candidates.Items.ToArray().Select(each => each.Item).SequenceEqual(record.Items.Select(each => each.Item)),
            Fate = fate,
            Stage = stage,
            Reason = reason,
            Place = place,
            Candidate = trace.Last,
            Steps = trace.Steps,
            Sources = [.. sources.Select(source => source.StandingOf(context, trace.Item))],
            Score = ScoreOf(context, trace, place < 0 ? null : record.Items[place], record.CatalogueHash),
        };
    }

    private ScoreParts? ScoreOf(RecommendationContext context, ItemTrace trace, ServedItem? served, string? catalogueHash)
    {
        var recorded = served?.Features is { } features && features.Length == catalogue.Count && catalogueHash == catalogue.Hash;
        var matrixRow = trace.Last?.MatrixRow ?? -1;
        if (!recorded && (matrixRow < 0 || matrixRow >= context.MatrixRows)) return null;
        var row = recorded ? served!.Features : context.Matrix.Slice(matrixRow * context.FeatureCount, context.FeatureCount).ToArray();
        var (bundle, raw) = (context.Model.Bundle, new double[1]);
        bundle.Forest.Score(row, 1, raw);
        var rankScore = trace.Last?.RankScore is { } score && double.IsFinite(score) ? score : (double?)null;
        var probability = bundle.Calibrator.Calibrate(raw[0]);
        if (!bundle.Forest.HasContributions) return new ScoreParts(recorded, raw[0], 0, probability, rankScore, null);
        var contributions = new double[row!.Length];
        var mean = bundle.Forest.Contribute(row, contributions);
        return new ScoreParts(recorded, raw[0], mean, probability, rankScore,
        [
            .. contributions.Select((share, at) => new FeatureShare(catalogue.Names[at], row[at], share))
                .Where(share => share.Contribution != 0).OrderByDescending(share => Math.Abs(share.Contribution)),
        ]);
    }
}
