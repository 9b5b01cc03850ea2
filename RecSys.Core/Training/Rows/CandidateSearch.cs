using System.Numerics.Tensors;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Retrieval.Neighbours;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Rows;

/// <summary>
/// What serving's retrieval would have proposed to a user at a moment of the replay (<see cref="CandidateUnion"/>): the neighbours of the
/// user's items, and the nearest items, that the user had not touched before. Reuses its buffers; not thread-safe.
/// </summary>
internal sealed class CandidateSearch
{
    private readonly ITowerView towers;
    private readonly LogPast? past;
    private readonly ShownLately? shown;
    private readonly int wanted;
    private readonly Dictionary<(int User, int Item), int> firstTouch = [];
    private readonly int[] touched;
    private readonly float[] embedding;
    private readonly CandidateInput[] candidates;
    private readonly int[] ranked;
    private readonly List<int> neighbours = [];
    private readonly HashSet<int> unfound = [];
    private long[] rows = [];
    private int[] items = [];
    private float[] scores = [];
    private int count;

    /// <param name="towers">Embeddings, index and neighbours.</param>
    /// <param name="log">The log that is replayed, with all events that may count as seen.</param>
    /// <param name="wanted">Candidates per search.</param>
    /// <param name="past">What came before the log; null: nothing did.</param>
    /// <param name="shown">What was shown lately and is left out; null: that may be proposed again.</param>
    public CandidateSearch(ITowerView towers, InteractionLog log, int wanted, LogPast? past = null, ShownLately? shown = null)
    {
        (this.past, this.shown) = (past, shown);
        this.towers = towers;
        this.wanted = wanted;
        touched = new int[log.Users.Count];
        embedding = new float[towers.Dimension];
        candidates = new CandidateInput[wanted];
        ranked = new int[NeighbourVotes.Most];
        var events = log.Events;
        for (var i = 0; i < events.Length; i++)
        {
            if (events[i].User >= 0 && events[i].IsConsumption && firstTouch.TryAdd((events[i].User, events[i].Item), i))
                touched[events[i].User]++;
        }
    }

    /// <summary>The user embedding of the latest <see cref="Find"/>.</summary>
    public ReadOnlyMemory<float> Embedding => embedding;

    /// <summary>
    /// Up to the wanted number of candidates: what the search found, best first, ranks counted among the untouched, and behind it the
    /// neighbours that it did not find.
    /// </summary>
    /// <param name="index">Index in the log of the event that the search must not know of, nor of anything after it.</param>
    /// <param name="e">That event.</param>
    /// <param name="state">The user's state before it.</param>
    public ReadOnlySpan<CandidateInput> Find(int index, in LogEvent e, UserState? state)
    {
        towers.Embed(e.User, state, e.Device, e.Location, embedding);
        shown?.Begin(index, e);
        count = 0;
        neighbours.Clear();
        unfound.Clear();
        var union = new Union(this, e.User, index);
        var places = CandidateUnion.Places(wanted, towers.NeighbourShare);
        if (places > 0 && state is not null)
            CandidateUnion.AddNeighbours(ref union, ranked.AsSpan(0, NeighbourVotes.Rank(towers, state.RecentItems, ranked)), places);
        CandidateUnion.AddFound(ref union, Nearest(e.User), scores, neighbours.Count, wanted);
        foreach (var item in neighbours)
        {
            if (!unfound.Contains(item)) continue;
            towers.TryGet(item, out var vector);
            candidates[count++] = new CandidateInput(item, TensorPrimitives.Dot(embedding, vector), CandidateUnion.BeyondTheSearch);
        }
        return candidates.AsSpan(0, count);
    }

    private ReadOnlySpan<int> Nearest(int user)
    {
        // `touched` counts the whole log, so this asks for enough at every moment of it.
        var k = wanted + touched[user] + (past?.CountOf(user) ?? 0) + (shown?.Count ?? 0);
        if (rows.Length < k) (rows, items, scores) = (new long[k * 2], new int[k * 2], new float[k * 2]);
        var found = towers.Search(embedding, rows.AsSpan(0, k), scores.AsSpan(0, k));
        for (var i = 0; i < found; i++) items[i] = (int)rows[i];
        return items.AsSpan(0, found);
    }

    private readonly struct Union(CandidateSearch search, int user, int index) : IUnionList
    {
        public bool MayGet(int item) => IsNew(item);

        public bool IsNew(int item) => (!search.firstTouch.TryGetValue((user, item), out var first) || first >= index)
            && search.past?.Had(user, item) != true && search.shown?.Contains(item) != true;

        public void AddNeighbour(int item)
        {
            search.neighbours.Add(item);
            search.unfound.Add(item);
        }

        public bool AddFound(int item, float score, int rank)
        {
            // What the user has touched is no candidate here; serving keeps it for its filters to remove.
            if (!IsNew(item)) return false;
            search.candidates[search.count++] = new CandidateInput(item, score, rank);
            return !search.unfound.Remove(item);
        }
    }
}
