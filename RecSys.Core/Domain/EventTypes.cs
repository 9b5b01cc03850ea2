namespace RecSys.Core.Domain;

/// <summary>Names and classes of event types.</summary>
public static class EventTypes
{
    private static readonly string[] Names =
        ["impression", "click", "view", "like", "add_to_cart", "purchase", "rating", "dislike", "hide", "follow", "long_view"];

    /// <summary>Number of event types; valid values are 0 to <c>Count - 1</c>.</summary>
    public static int Count => Names.Length;

    /// <summary>The snake-case name used in files and over HTTP.</summary>
    public static string ToName(this EventType type) => Names[(int)type];

    /// <summary>Parses a snake-case name; case matters.</summary>
    public static bool TryParse(string? name, out EventType type)
    {
        var at = Array.IndexOf(Names, name);
        type = at < 0 ? default : (EventType)at;
        return at >= 0;
    }

    /// <summary>Comma-separated list of all names, for error messages.</summary>
    public static string AllNames { get; } = string.Join(", ", Names);

    /// <summary>True for types that say the user wanted the item, where an event states no other meaning.</summary>
    public static bool IsPositive(this EventType type) => type is EventType.Click or EventType.View or EventType.Like
        or EventType.AddToCart or EventType.Purchase or EventType.Rating or EventType.Follow or EventType.LongView;

    /// <summary>What an event says of which only the type is known.</summary>
    public static EventMeaning MeaningOf(EventType type) =>
        type.IsPositive() ? EventMeaning.Positive : type.IsRejection() ? EventMeaning.Negative : EventMeaning.Neutral;

    /// <summary>
    /// True for types after which the item must not be recommended to the user again, where an event states no other meaning.
    /// </summary>
    public static bool IsRejection(this EventType type) => type is EventType.Dislike or EventType.Hide;
}
