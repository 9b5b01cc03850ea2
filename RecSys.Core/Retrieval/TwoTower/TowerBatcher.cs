using TorchSharp;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Cuts the users' sequences into chunks of consecutive targets, shuffles them for every epoch and turns groups of them into tensors.
/// </summary>
internal sealed class TowerBatcher
{
    /// <summary>Targets per chunk: few enough that short sequences waste little, enough to share the work of reading the history.</summary>
    public const int ChunkTargets = 50;

    private readonly TowerTrainingData data;
    private readonly TowerSplit split;
    private readonly TwoTowerOptions options;
    private readonly Random random;
    private readonly List<Chunk> chunks = [];
    private readonly int[] profileStarts;
    private readonly int[] profiles;
    private readonly double[] share;
    private readonly int[] slots;
    private readonly int[] allItems;

    public TowerBatcher(TowerTrainingData data, TowerSplit split, TwoTowerOptions options)
    {
        (this.data, this.split, this.options) = (data, split, options);
        random = new Random(options.Seed);
        Span<int> buckets = stackalloc int[ProfileBuckets.Max];
        var all = new List<int>();
        profileStarts = new int[data.Users.Count + 1];
        for (var user = 0; user < data.Users.Count; user++)
        {
            var length = split.Training(user).Length;
            for (var first = 0; first < length; first += ChunkTargets) chunks.Add(new Chunk(user, first, Math.Min(ChunkTargets, length - first)));
            TargetCount += length;
            all.AddRange(buckets[..ProfileBuckets.Fill(data.Users[user], 0, 0, buckets)]);
            profileStarts[user + 1] = all.Count;
        }
        profiles = [.. all];
        FullSoftmax = data.Items.Count <= options.FullSoftmaxItems;
        var counts = data.ItemCounts();
        share = [.. counts.Select(c => c / (double)Math.Max(1, data.EntryCount))];
        slots = new int[data.Items.Count];
        Array.Fill(slots, -1);
        allItems = FullSoftmax ? [.. Enumerable.Range(0, data.Items.Count)] : [];
    }

    /// <summary>Targets of one epoch.</summary>
    public long TargetCount { get; }

    /// <summary>True when every step scores the whole catalogue, in ordinal order.</summary>
    public bool FullSoftmax { get; }

    /// <summary>One pass over all targets in a new random order. The tensors belong to the caller's dispose scope.</summary>
    public IEnumerable<TowerBatch> Epoch()
    {
        var order = chunks.ToArray();
        random.Shuffle(order);
        for (var first = 0; first < order.Length;)
        {
            var (last, targets) = (first, 0);
            while (last < order.Length && targets < options.BatchSize) targets += order[last++].Count;
            yield return Build(order.AsSpan(first, last - first), targets);
            first = last;
        }
    }

    private TowerBatch Build(ReadOnlySpan<Chunk> group, int targetCount)
    {
        var history = options.HistoryLength;
        var width = UserTowerModule.Width(history, ChunkTargets);
        var entries = new int[group.Length * width];
        Array.Fill(entries, -1);
        var (rows, targets, offsets) = (new long[targetCount], new int[targetCount], new long[targetCount]);
        var buckets = new List<long>(targetCount * 4);
        Span<int> context = stackalloc int[ProfileBuckets.Max];
        var at = 0;
        for (var c = 0; c < group.Length; c++)
        {
            var (user, first, count) = group[c];
            var sequence = split.Training(user);
            for (var position = Math.Max(0, first - history); position < first + count - 1; position++)
                entries[c * width + position - first + history] = sequence[position];
            for (var t = 0; t < count; t++, at++)
            {
                rows[at] = c * ChunkTargets + t;
                targets[at] = sequence[first + t];
                offsets[at] = buckets.Count;
                foreach (var bucket in profiles.AsSpan(profileStarts[user]..profileStarts[user + 1])) buckets.Add(bucket);
                var known = ProfileBuckets.Fill(null, data.Device(user, first + t), data.Location(user, first + t), context);
                foreach (var bucket in context[..known]) buckets.Add(bucket);
            }
        }

        var candidates = FullSoftmax ? allItems : Candidates(targets);
        var items = FullSoftmax ? allItems : Extend(candidates, entries);
        var batch = new TowerBatch
        {
            Items = items,
            CandidateCount = candidates.Length,
            Targets = torch.tensor(Slots(targets, -1)),
            Entries = torch.tensor(Slots(entries, items.Length), [group.Length, width]),
            Rows = torch.tensor(rows),
            Buckets = torch.tensor(buckets.ToArray()),
            Offsets = torch.tensor(offsets),
            LogInclusion = FullSoftmax ? null : torch.tensor(LogInclusion(candidates, targetCount)),
        };
        if (!FullSoftmax)
        {
            foreach (var item in items) slots[item] = -1;
        }
        return batch;
    }

    // The batch's targets and uniform draws, each once; marks their slots.
    private int[] Candidates(int[] targets)
    {
        var picked = new List<int>(targets.Length + options.Negatives);
        foreach (var item in targets) Take(item, picked);
        for (var draw = 0; draw < options.Negatives; draw++) Take(random.Next(data.Items.Count), picked);
        return [.. picked];
    }

    // Behind the candidates come the items that only histories hold: they need vectors, but are not scored.
    private int[] Extend(int[] candidates, int[] entries)
    {
        var picked = new List<int>(candidates);
        foreach (var item in entries)
        {
            if (item >= 0) Take(item, picked);
        }
        return [.. picked];
    }

    private void Take(int item, List<int> picked)
    {
        if (slots[item] >= 0) return;
        slots[item] = picked.Count;
        picked.Add(item);
    }

    private long[] Slots(int[] items, int none)
    {
        var result = new long[items.Length];
        for (var i = 0; i < items.Length; i++) result[i] = items[i] < 0 ? none : FullSoftmax ? items[i] : slots[items[i]];
        return result;
    }

    // Logarithm of the chance that an item is among the candidates: as a target of this batch or as a uniform draw. Subtracted from the
    // scores it makes the sampled softmax estimate the full one (Bengio and Senecal, 2008; Yi et al., 2019, for in-batch negatives).
    private float[] LogInclusion(int[] candidates, int targets)
    {
        var missedByDraws = Math.Pow(1 - 1.0 / data.Items.Count, options.Negatives);
        return [.. candidates.Select(item => (float)Math.Log(1 - missedByDraws * Math.Exp(-targets * share[item])))];
    }

    private readonly record struct Chunk(int User, int First, int Count);
}
