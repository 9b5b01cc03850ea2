namespace RecSys.Core.Features;

/// <summary>Plain counts over the whole log; 28 bytes, written to snapshots as they lie in memory.</summary>
internal struct WholeCounts
{
    public float Views;
    public float LongViews;
    public float Likes;
    public float Conversions;
    public float Rejections;
    /// <summary>Views, and impressions that say for how long they played.</summary>
    public float Plays;
    /// <summary>Plays that a long view followed.</summary>
    public float LongPlays;
}
