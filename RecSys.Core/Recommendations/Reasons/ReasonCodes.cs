namespace RecSys.Core.Recommendations.Reasons;

/// <summary>Kinds of reasons, the one that says most about the user first.</summary>
public static class ReasonCodes
{
    /// <summary>Put there by a rule of the shop.</summary>
    public const string Featured = "featured";

    /// <summary>Drawn by chance, to learn.</summary>
    public const string Explored = "explored";

    /// <summary>Near an item that the request named.</summary>
    public const string SimilarTo = "similar_to";

    /// <summary>Others took it together with an item that the user took lately.</summary>
    public const string BecauseYouChose = "because_you_chose";

    /// <summary>Chosen more often today than this week.</summary>
    public const string Trending = "trending";

    /// <summary>Young.</summary>
    public const string New = "new";

    /// <summary>Chosen most often.</summary>
    public const string Popular = "popular";

    /// <summary>Near to what the user took lately, all together.</summary>
    public const string PickedForYou = "picked_for_you";

    /// <summary>In a list that the user got before.</summary>
    public const string PickedBefore = "picked_before";

    /// <summary>Seen by the user long ago.</summary>
    public const string SeenBefore = "seen_before";

    /// <summary>Near to what users of the same profile and context take; nothing is known of this one.</summary>
    public const string Recommended = "recommended";

    /// <summary>There is no other reason than that it can be had.</summary>
    public const string More = "more_to_discover";
}
