namespace RecSys.Core.Domain;

/// <summary>What a user did with an item. The numeric values are stored; append only.</summary>
public enum EventType : byte
{
    /// <summary>The item was shown at a position. Carries no opinion.</summary>
    Impression = 0,
    Click = 1,
    /// <summary>The item was consumed; the value is the seconds watched, if known.</summary>
    View = 2,
    Like = 3,
    AddToCart = 4,
    /// <summary>The value is the revenue in the shop's currency.</summary>
    Purchase = 5,
    /// <summary>The value is the rating, usually 1 to 5.</summary>
    Rating = 6,
    Dislike = 7,
    /// <summary>The user never wants to see the item again.</summary>
    Hide = 8,
    /// <summary>The user follows the item's creator.</summary>
    Follow = 9,
    /// <summary>The item was consumed to a substantial part; the value is the seconds watched.</summary>
    LongView = 10,
}
