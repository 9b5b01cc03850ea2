using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Rows;

/// <summary>
/// What serving's retrieval would have proposed to a user at a moment of the replay: the nearest items that the user had not touched
/// before. Reuses its buffers; not thread-safe.
/// </summary>
internal sealed class CandidateSearch
{
    private readonly ITowerView towers;
    private readonly int wanted;
    private readonly Dictionary<(int User, int Item), int> firstTouch = [];
    private readonly int[] touched;
    private readonly float[] embedding;
    private readonly CandidateInput[] candidates;
    private long[] ids = [];
    private float[] scores = [];

    /// <param name="towers">Embeddings and index.</param>
    /// <param name="log">The log that is replayed, with all events that may count as seen.</param>
    /// <param name="wanted">Candidates per search.</param>
    public CandidateSearch(ITowerView towers, InteractionLog log, int wanted)
    {
        this.towers = towers;
        this.wanted = wanted;
        touched = new int[log.Users.Count];
        embedding = new float[towers.Dimension];
        candidates = new CandidateInput[wanted];
        var events = log.Events;
        for (var i = 0; i < events.Length; i++)
        {
            if (events[i].User >= 0 && events[i].IsPositive && firstTouch.TryAdd((events[i].User, events[i].Item), i))
                touched[events[i].User]++;
        }
    }

    /// <summary>The user embedding of the latest <see cref="Find"/>.</summary>
    public ReadOnlyMemory<float> Embedding => embedding;

    /// <summary>Up to the wanted number of candidates, best first, ranks counted among the untouched.</summary>
    /// <param name="index">Index in the log of the event that the search must not know of, nor of anything after it.</param>
    /// <param name="e">That event.</param>
    /// <param name="state">The user's state before it.</param>
    public ReadOnlySpan<CandidateInput> Find(int index, in LogEvent e, UserState? state)
    {
        towers.Embed(e.User, state, e.Device, e.Location, embedding);
        // `touched` counts the whole log, so this asks for enough at every moment of it.
        var k = wanted + touched[e.User];
        if (ids.Length < k) (ids, scores) = (new long[k * 2], new float[k * 2]);
        var found = towers.Search(embedding, ids.AsSpan(0, k), scores.AsSpan(0, k));
        var count = 0;
        for (var i = 0; i < found && count < wanted; i++)
        {
            var item = (int)ids[i];
            if (firstTouch.TryGetValue((e.User, item), out var first) && first < index) continue;
            candidates[count] = new CandidateInput(item, scores[i], count);
            count++;
        }
        return candidates.AsSpan(0, count);
    }
}
