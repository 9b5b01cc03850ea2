using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Core.Import.Meaning;

/// <summary>
/// What each event says about the user's opinion, where the sender does not say it: by the rules given, for ratings otherwise by the scale
/// that the data themselves show. All events are to be observed before the first is judged.
/// </summary>
/// <param name="positive">Rules for wishes.</param>
/// <param name="negative">Rules for what counts against; an event that both name is a wish.</param>
/// <param name="known">The scale of ratings that earlier imports found; null: none.</param>
internal sealed class MeaningRules(IReadOnlyList<MeaningRule> positive, IReadOnlyList<MeaningRule> negative, RatingScale? known)
{
    // As many and no such share of the ratings of an import are mistakes rather than news of another scale.
    private const int FewOffScale = 20;
    private const double LittleOffScale = 0.01;

    private readonly bool[] hasPositive = Ruled(positive);
    private readonly bool[] hasNegative = Ruled(negative);
    private readonly RatingScale? earlier = known;
    private double least = known?.Low ?? double.PositiveInfinity;
    private double greatest = known?.High ?? double.NegativeInfinity;
    private long observed;
    private long offScale;
    private string offExample = "";
    private bool allHalves = true;
    private bool allWhole = true;
    private RatingScale? scale = known;

    /// <summary>
    /// The scale of all ratings, those of earlier imports included; null when there were none. A few that lie off the scale of earlier
    /// imports do not widen it.
    /// </summary>
    internal RatingScale? Scale => scale ??= earlier is not null && !Widens ? earlier
        : observed == 0 ? null : RatingScale.Of(least, greatest);

    /// <summary>Ratings that lie off the scale of earlier imports, in a sentence; null when there are none or rules say what they
    /// mean.</summary>
    internal string? OffScale
    {
        get
        {
            if (offScale == 0 || IsRuled) return null;
            var what = Widens
                ? $"it is {Scale} from now on, and what was stored before keeps its meaning"
                : "they count as its nearest end; where they have another meaning, say it with --positive and --negative";
            return string.Create(CultureInfo.InvariantCulture,
                $"{offScale:#,0} of {observed:#,0} ratings lie off the scale {earlier} that earlier imports into this folder found, "
                    + $"such as {offExample}: {what}");
        }
    }

    /// <summary>What the ratings of this import are taken for, in a sentence; null when it has none or rules say it.</summary>
    internal string? Found => observed > 0 && Scale is { } found && !IsRuled
        ? string.Create(CultureInfo.InvariantCulture, $"ratings go from {found}: "
            + $"{Side(hasPositive, positive, $"from {found.PositiveFrom(Step):0.##} on")} a wish, "
                + $"{Side(hasNegative, negative, $"down from {found.NegativeTo(Step):0.##}")} count against, between them neither; set it "
                    + $"with --positive \"rating>=…\" and --negative \"rating<=…\"")
        : null;

    /// <summary>Rules for ratings that none of the scale can meet, in a sentence; null for none.</summary>
    internal string? Unreachable
    {
        get
        {
            if (observed == 0 || Scale is not { } found) return null;
            // A few ratings that lie off the scale can meet a rule, too.
            var (low, high) = (Math.Min(found.Low, least), Math.Max(found.High, greatest));
            var none = positive.Concat(negative).Where(rule => rule.Type == EventType.Rating && !rule.Reaches(low, high)).ToList();
            return none.Count == 0 ? null
                : $"warning: no rating on the scale {found}, which the ratings show, can be one of {string.Join(" or ", none)}, so that "
                    + "the rule does nothing; give a number on the scale";
        }
    }

    /// <summary>Refuses rules by which one event would be a wish and count against at once.</summary>
    /// <exception cref="RecSysException">There are such rules; the message names them and a value.</exception>
    internal static void RefuseContradiction(IReadOnlyList<MeaningRule> positive, IReadOnlyList<MeaningRule> negative)
    {
        foreach (var wish in positive)
        {
            foreach (var against in negative)
            {
                if (wish.Shared(against) is not { } value) continue;
                var what = wish.Comparison.Length + against.Comparison.Length == 0 ? wish.Type.ToName()
                    : string.Create(CultureInfo.InvariantCulture, $"{wish.Type.ToName()} of {value}");
                throw new RecSysException($"The rules contradict each other: a {what} would be a wish by {wish} and count against by "
                    + $"{against}. Give --positive and --negative that have no value in common; import.json and what earlier imports into "
                    + "the folder were given stand in for the side that is left out.");
            }
        }
    }

    internal void Observe(Event e)
    {
        if (e is { Type: EventType.Rating, Meaning: null, Value: { } value }) Observe(value, e);
    }

    internal void Observe(double value) => Observe(value, null);

    private void Observe(double value, Event? e)
    {
        observed++;
        allWhole &= value == Math.Floor(value);
        allHalves &= value * 2 == Math.Floor(value * 2);
        if (earlier is { } before && !before.Holds(value))
        {
            scale = null;
            if (offScale++ == 0)
                offExample = string.Create(CultureInfo.InvariantCulture, $"{value}{(e is null ? "" : $" of {e.UserId} for {e.ItemId}")}");
        }
        if (value >= least && value <= greatest) return;
        (least, greatest, scale) = (Math.Min(least, value), Math.Max(greatest, value), null);
    }

    /// <summary>The event with its meaning stated where that is not what its type says.</summary>
    internal Event Judge(Event e)
    {
        if (e.Meaning is not null || Find(e.Type, e.Value) is not { } meaning || meaning == EventTypes.MeaningOf(e.Type)) return e;
        return e with { Meaning = meaning };
    }

    private bool Widens => offScale > FewOffScale && offScale > LittleOffScale * observed;

    private bool IsRuled => hasPositive[(int)EventType.Rating] && hasNegative[(int)EventType.Rating];

    private double Step => allWhole ? 1 : allHalves ? 0.5 : 0;

    private EventMeaning? Find(EventType type, double? value)
    {
        if (Any(positive, type, value)) return EventMeaning.Positive;
        if (Any(negative, type, value)) return EventMeaning.Negative;
        var (wish, against) = (hasPositive[(int)type], hasNegative[(int)type]);
        if (type == EventType.Rating && value is { } rating && Scale is { } found)
        {
            // A side that no rule speaks of goes by the scale.
            if (!wish && rating >= found.PositiveFrom(0)) return EventMeaning.Positive;
            if (!against && rating <= found.NegativeTo(0)) return EventMeaning.Negative;
            return EventMeaning.Neutral;
        }
        // A rating that does not say how much says nothing.
        if (type == EventType.Rating && value is null) return EventMeaning.Neutral;
        return wish && type.IsPositive() || against && type.IsRejection() ? EventMeaning.Neutral : null;
    }

    private static bool Any(IReadOnlyList<MeaningRule> rules, EventType type, double? value)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            if (rules[i].Applies(type, value)) return true;
        }
        return false;
    }

    private static string Side(bool[] ruled, IReadOnlyList<MeaningRule> rules, string otherwise) => ruled[(int)EventType.Rating]
        ? string.Join(" or ", rules.Where(rule => rule.Type == EventType.Rating)) : otherwise;

    private static bool[] Ruled(IReadOnlyList<MeaningRule> rules)
    {
        var ruled = new bool[EventTypes.Count];
        foreach (var rule in rules) ruled[(int)rule.Type] = true;
        return ruled;
    }
}
