using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>Moves users' states at the positions of a log's merges, as serving does.</summary>
internal struct MergeReplay(InteractionLog log)
{
    private int next;

    /// <summary>Carries out the merges that stand before the event.</summary>
    /// <param name="index">Index of the event in the log.</param>
    /// <param name="state">All events before it are folded.</param>
    public void Before(int index, FeatureState state)
    {
        var merges = log.Merges;
        if (next == merges.Count) return;
        for (var position = log.Positions[index]; next < merges.Count && merges[next].Position < position; next++)
            state.MergeUser(merges[next].From, merges[next].Into);
    }
}
