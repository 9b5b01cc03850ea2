using System.Buffers;
using System.Globalization;
using System.Numerics.Tensors;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Ranking.Calibration;
using RecSys.Core.Retrieval.Text;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Core.Training.Protocols;

/// <summary>
/// Hidden items as a server meets them: a bundle of all others is published and loaded, and then the hidden ones come as entries of the
/// log. Candidates are searched as a request searches them. Nothing here asks the bundle's ranker, which has one leaf.
/// </summary>
internal sealed class LiveAddition : IDisposable
{
    private const string Version = "v1.0.0";
    private const int GoldenItems = 8;

    private readonly ModelPool<ServingModel> pool;
    private readonly ModelLease<ServingModel> lease;
    private readonly int[] numberOf;

    private LiveAddition(ModelPool<ServingModel> pool, int[] numberOf) =>
        (this.pool, this.numberOf, lease) = (pool, numberOf, pool.AcquireChampion());

    /// <summary>Hidden items that the model has taken in.</summary>
    public int TakenIn => lease.Model.NewItems;

    /// <param name="model">Towers that know nothing of the hidden items but, at most, that they exist.</param>
    /// <param name="known">The log that they were fitted on, with the items of both kinds.</param>
    /// <param name="hidden">By ordinal.</param>
    /// <param name="options">Index and text encoder.</param>
    /// <param name="users">Embeddings of users that an approximate index is tuned with.</param>
    /// <param name="cancellationToken">Stops between the steps.</param>
    public static async Task<LiveAddition> ServeAsync(TwoTowerModel model, InteractionLog known, bool[] hidden, TrainingOptions options,
        ReadOnlyMemory<float> users, CancellationToken cancellationToken)
    {
        var warm = Enumerable.Range(0, hidden.Length).Where(item => !hidden[item]).ToArray();
        var pool = new ModelPool<ServingModel>();
        var state = new LiveState(1, new NoUserStates(), storeIsEmpty: true, new EventOptions(), []);
        try
        {
            foreach (var item in warm) Put(state, known.Items[item]);
            var bundle = await BundleAsync(model, known, warm, options, users, cancellationToken);
            pool.Add(Version, new ServingModel(bundle, state.Catalog), bytes: 0);
            pool.Promote(Version);

            var follower = new LiveItems(pool);
            state.TellOfItems(follower);
            var numberOf = new int[hidden.Length];
            for (var number = 0; number < warm.Length; number++) numberOf[warm[number]] = number;
            for (var item = 0; item < hidden.Length; item++)
            {
                if (hidden[item]) numberOf[item] = Put(state, known.Items[item]);
            }
            if (options.Text.IsConfigured) EncodeTexts(follower, state.Catalog, warm.Length, options.Text, cancellationToken);
            return new LiveAddition(pool, numberOf);
        }
        catch
        {
            pool.Dispose();
            throw;
        }
    }

    /// <summary>
    /// True when the item is among the first <paramref name="depth"/> candidates that the user has not met. Ordinals are those of the log.
    /// </summary>
    public bool Finds(int item, User user, ReadOnlySpan<int> history, int depth)
    {
        var model = lease.Model;
        var met = new HashSet<int>(history.Length);
        var numbers = new int[history.Length];
        for (var i = 0; i < history.Length; i++) met.Add(numbers[i] = numberOf[history[i]]);
        var query = new float[model.Dimension];
        model.EmbedUser(numbers, user, device: 0, location: 0, query);
        // As many more as the source of a request asks for.
        var k = depth + Math.Min(met.Count, 3 * depth);
        var (items, scores) = (ArrayPool<int>.Shared.Rent(k), ArrayPool<float>.Shared.Rent(k));
        try
        {
            var found = model.Search(query, items.AsSpan(0, k), scores.AsSpan(0, k));
            for (int i = 0, rank = 0; i < found && rank < depth; i++)
            {
                if (items[i] == numberOf[item]) return true;
                if (!met.Contains(items[i])) rank++;
            }
            return false;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(items);
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    /// <summary>
    /// Distance between the item's served embedding and another of length one; 2, the largest there is, for an item without.
    /// </summary>
    public float DistanceOf(int item, ReadOnlySpan<float> embedding) =>
        lease.Model.TryGet(numberOf[item], out var served) ? TensorPrimitives.Distance(served, embedding) : 2;

    public void Dispose()
    {
        lease.Dispose();
        pool.Dispose();
    }

    private static int Put(LiveState state, Item item)
    {
        var number = state.Catalog.Count;
        state.Fold(new LogEntry(state.Position + 1, 0, number, new ItemPut(item)), recorded: null);
        return number;
    }

    // What a server has a child process do.
    private static void EncodeTexts(LiveItems items, ItemCatalog catalog, int first, TextOptions options,
        CancellationToken cancellationToken)
    {
        using var encoder = BertTextEncoder.Load(options);
        for (var number = first; number < catalog.Count; number++)
        {
            var text = ItemTexts.TextOf(catalog[number]);
            items.TextEncoded(number, catalog, text, encoder.Encode([text], progress: null, cancellationToken), encoder.ModelHash);
        }
    }

    private static async Task<ModelBundle> BundleAsync(TwoTowerModel model, InteractionLog known, int[] warm, TrainingOptions options,
        ReadOnlyMemory<float> users, CancellationToken cancellationToken)
    {
        var dimension = model.Dimension;
        var embeddings = new float[warm.Length * dimension];
        for (var row = 0; row < warm.Length; row++)
            model.ItemEmbeddings.AsSpan(warm[row] * dimension, dimension).CopyTo(embeddings.AsSpan(row * dimension));
        var index = VectorIndexBuilder.Build(embeddings, dimension, options.Retrieval, users, cancellationToken: cancellationToken);
        using var built = index.Index;
        var (first, last) = (Time(known.Events[0]), Time(known.Events[^1]));
        var contents = new BundleContents
        {
            ItemIds = [.. warm.Select(known.Items.IdOf)],
            Embeddings = embeddings,
            Index = index,
            UserTower = model.UserTower,
            ItemTower = model.ItemTower,
            Ids = model.Ids?.Select(warm),
            GoldenItems = [.. Enumerable.Range(0, Math.Min(GoldenItems, warm.Length)).Select(row => (row, known.Items[warm[row]]))],
            RankerText = OneLeaf(FeatureCatalogue.Default),
            Calibrator = new PlattCalibrator(1, 0),
            Catalogue = FeatureCatalogue.Default,
            TrainingWindow = new TrainingWindow(first, last, known.Events.Length),
            CreatedAt = last,
            Options = options.Text.IsConfigured
                ? new Dictionary<string, string> { [BundleManifest.TextModelOption] = TextModelHash.Of(options.Text) }
                : new Dictionary<string, string>(),
        };
        var folder = Directory.CreateTempSubdirectory("recsys-cold-items-");
        try
        {
            await BundleWriter.PublishAsync(folder.FullName, Version, contents, cancellationToken);
            return await ModelBundle.LoadAsync(
                Path.Combine(folder.FullName, Version), FeatureCatalogue.Default, options.Retrieval, cancellationToken);
        }
        finally
        {
            // What is mapped stays readable without its name.
            folder.Delete(recursive: true);
        }
    }

    private static DateTimeOffset Time(in LogEvent e) => DateTimeOffset.FromUnixTimeMilliseconds(e.TimeMs);

    private static string OneLeaf(FeatureCatalogue catalogue) => string.Create(
        CultureInfo.InvariantCulture,
        $"tree\nversion=v4\nmax_feature_idx={catalogue.Count - 1}\nfeature_names={string.Join(' ', catalogue.Names)}\n\n"
            + $"Tree=0\nnum_leaves=1\nnum_cat=0\nleaf_value=0\n\nend of trees\n");
}
