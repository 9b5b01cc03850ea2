namespace RecSys.Core.Features;

/// <summary>One number for clicks and one for long views: how much more than average, or how many are to be expected.</summary>
internal readonly record struct Lifts(float Clicks, float LongViews)
{
    /// <summary>The lifts of an average user.</summary>
    public static readonly Lifts None = new(1, 1);
}
