using System.Runtime.InteropServices;
using TorchSharp;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Cuts the users' sequences into windows, anew for every epoch, and turns groups of windows of similar length into tensors.
/// </summary>
internal sealed class TowerBatcher
{
    /// <summary>Windows are sorted by length within this many batches, so that little is padded and batches stay mixed.</summary>
    private const int SortedBatches = 8;

    private readonly TowerTrainingData data;
    private readonly TowerSplit split;
    private readonly TwoTowerOptions options;
    private readonly Random random;
    private readonly int[] profileStarts;
    private readonly int[] profiles;
    private readonly double[] share;
    private readonly int[] slots;

    public TowerBatcher(TowerTrainingData data, TowerSplit split, TwoTowerOptions options)
    {
        (this.data, this.split, this.options) = (data, split, options.AsForDenseLogs());
        random = new Random(options.Seed);
        Span<int> buckets = stackalloc int[ProfileBuckets.Max];
        var all = new List<int>();
        profileStarts = new int[data.Users.Count + 1];
        for (var user = 0; user < data.Users.Count; user++)
        {
            var length = split.Training(user).Length;
            TargetCount += length;
            all.AddRange(buckets[..ProfileBuckets.Fill(data.Users[user], 0, 0, buckets)]);
            profileStarts[user + 1] = all.Count;
        }
        profiles = [.. all];
        var counts = split.ItemCounts();
        KnownItems = [.. Enumerable.Range(0, counts.Length).Where(item => counts[item] > 0 || data.HadItsChance(item))];
        FullSoftmax = KnownItems.Length <= options.FullSoftmaxItems;
        share = [.. counts.Select(count => count / (double)Math.Max(1, TargetCount))];
        slots = new int[data.Items.Count];
        Array.Fill(slots, -1);
        if (!FullSoftmax) return;
        for (var place = 0; place < KnownItems.Length; place++) slots[KnownItems[place]] = place;
    }

    /// <summary>Targets of one epoch.</summary>
    public long TargetCount { get; }

    /// <summary>
    /// Ordinals of the items that training sees used, and of those that users had the time to choose and did not, ascending. Only these are
    /// negatives, and only these have ids: an item that nobody could choose yet is no worse for it, and as a negative in every step it
    /// would teach the item tower that what is new is bad.
    /// </summary>
    public int[] KnownItems { get; }

    /// <summary>True when every step scores all <see cref="KnownItems"/>, in their order.</summary>
    public bool FullSoftmax { get; }

    /// <summary>One pass over all targets in a new random order. The tensors belong to the caller's dispose scope.</summary>
    public IEnumerable<TowerBatch> Epoch()
    {
        var windows = Cut();
        random.Shuffle(windows);
        for (var first = 0; first < windows.Length;)
        {
            var last = EndOf(windows, first, (long)options.BatchSize!.Value * SortedBatches);
            Array.Sort(windows, first, last - first, Comparer<Window>.Create((a, b) => a.Entries.CompareTo(b.Entries)));
            var batches = new List<Range>();
            while (first < last)
            {
                var end = Math.Min(last, EndOf(windows, first, options.BatchSize!.Value));
                batches.Add(first..end);
                first = end;
            }
            random.Shuffle(CollectionsMarshal.AsSpan(batches));
            foreach (var batch in batches) yield return Build(windows.AsSpan(batch));
        }
    }

    // The end of the shortest run of windows that has so many targets.
    private static int EndOf(Window[] windows, int first, long targets)
    {
        while (first < windows.Length && targets > 0) targets -= windows[first++].Targets;
        return first;
    }

    // Every training entry is a target of one window. Windows overlap by a quarter, so that targets in the middle of a sequence have
    // something to go by, and the first cut is drawn, so that a target meets contexts of many lengths.
    private Window[] Cut()
    {
        var history = options.HistoryLength;
        var windows = new List<Window>();
        for (var user = 0; user < data.Users.Count; user++)
        {
            var length = split.Training(user).Length;
            var context = 0;
            for (var first = 0; first < length;)
            {
                var most = history + 1 - context;
                var targets = first > 0 || length <= most ? most : random.Next(most / 2, most) + 1;
                targets = Math.Min(targets, length - first);
                windows.Add(new Window(user, first - context, first, targets));
                first += targets;
                context = Math.Min(first, Math.Max(1, history / 4));
            }
        }
        return [.. windows];
    }

    private TowerBatch Build(ReadOnlySpan<Window> group)
    {
        var (width, targetCount) = (1, 0);
        foreach (var window in group)
        {
            width = Math.Max(width, window.Entries);
            targetCount += window.Targets;
        }
        var entries = new int[group.Length * width];
        Array.Fill(entries, -1);
        var (rows, targets, offsets) = (new long[targetCount], new int[targetCount], new long[targetCount]);
        var buckets = new List<long>(targetCount * 4);
        Span<int> context = stackalloc int[ProfileBuckets.Max];
        var at = 0;
        for (var w = 0; w < group.Length; w++)
        {
            var (user, start, first, count) = group[w];
            var sequence = split.Training(user);
            sequence.Slice(start, group[w].Entries).CopyTo(entries.AsSpan(w * width));
            for (var target = first; target < first + count; target++, at++)
            {
                rows[at] = w * (width + 1) + target - start;
                targets[at] = sequence[target];
                offsets[at] = buckets.Count;
                foreach (var bucket in profiles.AsSpan(profileStarts[user]..profileStarts[user + 1])) buckets.Add(bucket);
                // A context that is not always there teaches the tower to do without, as for requests that tell none.
                if (random.NextDouble() < options.ContextDropout) continue;
                var known = ProfileBuckets.Fill(null, data.Device(user, target), data.Location(user, target), context);
                foreach (var bucket in context[..known]) buckets.Add(bucket);
            }
        }

        var candidates = FullSoftmax ? KnownItems : Candidates(targets);
        var items = FullSoftmax ? KnownItems : Extend(candidates, entries);
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
        for (var draw = 0; draw < options.Negatives; draw++) Take(KnownItems[random.Next(KnownItems.Length)], picked);
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
        for (var i = 0; i < items.Length; i++) result[i] = items[i] < 0 ? none : slots[items[i]];
        return result;
    }

    // Logarithm of the chance that an item is among the candidates: as a target of this batch or as a uniform draw. Subtracted from the
    // scores it makes the sampled softmax estimate the full one (Bengio and Senecal, 2008; Yi et al., 2019, for in-batch negatives).
    private float[] LogInclusion(int[] candidates, int targets)
    {
        var missedByDraws = Math.Pow(1 - 1.0 / KnownItems.Length, options.Negatives);
        return [.. candidates.Select(item => (float)Math.Log(1 - missedByDraws * Math.Exp(-targets * share[item])))];
    }

    /// <param name="User">Ordinal.</param>
    /// <param name="Start">First entry that is read.</param>
    /// <param name="First">First entry that is predicted.</param>
    /// <param name="Targets">How many are predicted; all but the last of them are read as well.</param>
    private readonly record struct Window(int User, int Start, int First, int Targets)
    {
        public int Entries => First + Targets - 1 - Start;
    }
}
