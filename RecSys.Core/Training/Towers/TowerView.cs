using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Retrieval.ItemTables;
using RecSys.Core.Retrieval.Neighbours;
using RecSys.Core.Retrieval.Transitions;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Core.Training.Towers;

/// <summary>
/// Freshly trained towers and what follows what in their log, in the form that features and candidate search need. Rows are item ordinals
/// of the log's catalogue.
/// </summary>
internal sealed class TowerView : ITowerView, IDisposable
{
    private readonly TwoTowerModel model;
    private readonly UserDirectory users;
    private readonly ExactIndex exact;
    private readonly ItemTable transitions;
    private IVectorIndex index;

    /// <param name="model">The towers.</param>
    /// <param name="fitted">The log they were fitted on, which the transitions are counted in.</param>
    /// <param name="neighbours">Of the same log; null: candidates come from the towers alone.</param>
    public TowerView(TwoTowerModel model, InteractionLog fitted, NeighbourSource? neighbours = null)
        : this(model, fitted.Users, ItemTransitions.Fit(fitted), neighbours)
    {
    }

    /// <param name="model">The towers.</param>
    /// <param name="users">Profiles by ordinal.</param>
    /// <param name="transitions">Counted in the log that the towers were fitted on.</param>
    /// <param name="neighbours">Of the same log; null: candidates come from the towers alone.</param>
    public TowerView(TwoTowerModel model, UserDirectory users, ItemTable transitions, NeighbourSource? neighbours)
    {
        Neighbours = neighbours;
        this.model = model;
        this.users = users;
        this.transitions = transitions;
        index = exact = new ExactIndex(model.ItemEmbeddings, model.Dimension);
    }

    /// <summary>
    /// From now on candidates are searched in an index that was built of these embeddings, as serving will; until then, among all. What it
    /// misses is missed here, too, and of ten million items a search takes milliseconds instead of half a second.
    /// </summary>
    /// <param name="built">Stays the caller's, and must outlive the searches.</param>
    public void SearchIn(IVectorIndex built) => index = built;

    public int Dimension => model.Dimension;

    public ItemTable Transitions => transitions;

    /// <summary>What item-kNN knows of the same log; null where it proposes nothing.</summary>
    public NeighbourSource? Neighbours { get; }

    public bool HasNeighbours => Neighbours is not null;

    public int MaxNeighbours => ItemTable.MostPerItem;

    public double NeighbourShare => Neighbours?.Share ?? 0;

    public bool HasTransitions => true;

    public int MaxFollowers => ItemTransitions.MaxFollowers;

    public bool TryGet(int item, out ReadOnlySpan<float> embedding)
    {
        embedding = model.ItemEmbeddings.AsSpan(item * Dimension, Dimension);
        return true;
    }

    public int Read(int item, Span<int> followers, Span<float> weights) => transitions.Read(item, followers, weights);

    public int ReadNeighbours(int item, Span<int> neighbours, Span<float> similarities) =>
        Neighbours?.Table.Read(item, neighbours, similarities) ?? 0;

    /// <summary>The user's embedding from its state; without history by profile and context alone, as in serving.</summary>
    public void Embed(int user, UserState? state, byte device, byte location, Span<float> output) =>
        model.UserTower.Embed(state is null ? [] : state.RecentItems, users[user], device, location, model.ItemEmbeddings, output);

    /// <summary>
    /// Embeddings of users drawn at random from those with history, as of the end of the log: [at most <paramref name="count"/> ×
    /// dimension].
    /// </summary>
    public ReadOnlyMemory<float> UserSample(InteractionLog log, int count, int seed)
    {
        var data = TowerTrainingData.FromLog(log);
        var known = Enumerable.Range(0, users.Count).Where(user => !data.Sequence(user).IsEmpty).ToArray();
        new Random(seed).Shuffle(known);
        count = Math.Min(count, known.Length);
        var sample = new float[count * Dimension];
        for (var i = 0; i < count; i++)
            model.UserTower.Embed(data.Sequence(known[i]), users[known[i]], device: 0, location: 0, model.ItemEmbeddings,
                sample.AsSpan(i * Dimension, Dimension));
        return sample;
    }

    /// <summary>The nearest items, best first; see <see cref="IVectorIndex.Search"/>.</summary>
    public int Search(ReadOnlySpan<float> embedding, Span<long> items, Span<float> scores) => index.Search(embedding, items, scores);

    public void Dispose() => exact.Dispose();
}
