using RecSys.Core.Domain;
using RecSys.Core.Ranking;

namespace RecSys.Core.Training.Rows;

/// <summary>
/// Feature rows with labels, in lists that belong to one request each. Filled once in any order, then read; what asks for parts or shares
/// gets lists in time order.
/// </summary>
internal sealed class RankerRows(int features, int expectedRows)
{
    private readonly List<(int Start, long TimeMs)> groups = [];
    private float[] values = expectedRows > MostRows(features)
        ? throw TooMany(expectedRows, features) : new float[Math.Max(1, expectedRows) * features];
    private float[] labels = new float[Math.Max(1, expectedRows)];
    private float[]? weights;
    private int[]? events;
    private int[]? byTime;
    private bool inTimeOrder = true;

    public int Count { get; private set; }

    /// <summary>Features of a row.</summary>
    public int Width => features;

    public ReadOnlySpan<float> Labels => labels.AsSpan(0, Count);

    /// <summary>Row-major [Count × features].</summary>
    public ReadOnlySpan<float> Values => values.AsSpan(0, Count * features);

    /// <summary>Index in the log of the event of each row; empty where rows stand for no events.</summary>
    public ReadOnlySpan<int> Events => events is null ? default : events.AsSpan(0, Count);

    /// <summary>Number of lists.</summary>
    public int ListCount => groups.Count;

    /// <summary>First row and time, Unix milliseconds, of a list by its place in the order of adding.</summary>
    public (int Start, long TimeMs) ListAt(int list) => groups[list];

    /// <summary>Makes a column 0 in all rows.</summary>
    public void Clear(int column) => Clear(values.AsSpan(0, Count * features), features, column);

    /// <summary>Makes a column 0 in all rows of a matrix, row-major.</summary>
    public static void Clear(Span<float> matrix, int width, int column)
    {
        for (var at = column; at < matrix.Length; at += width) matrix[at] = 0;
    }

    /// <summary>Appends one list and returns its part of the matrix, row-major, for the caller to fill.</summary>
    /// <param name="timeMs">Unix milliseconds.</param>
    /// <param name="groupLabels">One per row.</param>
    /// <param name="groupWeights">One per row, or empty where every row stands for itself; the same choice for all lists.</param>
    public Span<float> AddGroup(long timeMs, ReadOnlySpan<float> groupLabels, ReadOnlySpan<float> groupWeights = default)
    {
        var start = Count;
        Grow(start + groupLabels.Length);
        groupLabels.CopyTo(labels.AsSpan(start));
        if (!groupWeights.IsEmpty)
        {
            if (weights is null || weights.Length < labels.Length) Array.Resize(ref weights, labels.Length);
            groupWeights.CopyTo(weights.AsSpan(start));
        }
        inTimeOrder &= groups.Count == 0 || timeMs >= groups[^1].TimeMs;
        groups.Add((start, timeMs));
        byTime = null;
        Count += groupLabels.Length;
        return values.AsSpan(start * features, groupLabels.Length * features);
    }

    /// <summary>Appends one list that a log holds, as <see cref="AddGroup"/> does.</summary>
    /// <param name="timeMs">Unix milliseconds.</param>
    /// <param name="listLabels">One per row.</param>
    /// <param name="listEvents">Index in the log of each row's event.</param>
    public Span<float> AddList(long timeMs, ReadOnlySpan<float> listLabels, ReadOnlySpan<int> listEvents)
    {
        var start = Count;
        var matrix = AddGroup(timeMs, listLabels);
        if (events is null || events.Length < labels.Length) Array.Resize(ref events, labels.Length);
        listEvents.CopyTo(events.AsSpan(start));
        return matrix;
    }

    /// <summary>The lists from one moment to before another, Unix milliseconds.</summary>
    public RankerDataset Between(long fromMs, long toMs) => Part(FirstGroup(fromMs), FirstGroup(toMs));

    /// <summary>Cuts between lists so that about the later <paramref name="share"/> of the rows is in the second set.</summary>
    public (RankerDataset Earlier, RankerDataset Later) Split(double share)
    {
        var cut = CutOf(share);
        return (Part(0, cut), Part(cut, groups.Count));
    }

    /// <summary>
    /// Whole lists drawn at random from the second set of <see cref="Split"/>, in order, with at most about so many rows.
    /// </summary>
    public RankerDataset SampleLater(double share, int most, int seed)
    {
        var cut = CutOf(share);
        var drawn = Enumerable.Range(cut, groups.Count - cut).ToArray();
        new Random(seed).Shuffle(drawn);
        var (taken, rows) = (0, 0);
        while (taken < drawn.Length && rows < most) rows += SizeOf(drawn[taken++]);
        Array.Sort(drawn, 0, taken);
        var sample = new RankerRows(features, rows);
        foreach (var group in drawn.AsSpan(0, taken))
        {
            var (start, size) = (StartOf(group), SizeOf(group));
            var target = sample.AddGroup(groups[Order[group]].TimeMs, labels.AsSpan(start, size), weights is null
                ? default : weights.AsSpan(start, size));
            values.AsSpan(start * features, size * features).CopyTo(target);
        }
        return sample.Part(0, taken);
    }

    /// <summary>Time of the first list of the later set of <see cref="Split"/>, Unix milliseconds.</summary>
    public long SplitTime(double share) => groups[Order[Math.Min(CutOf(share), groups.Count - 1)]].TimeMs;

    // Places of the lists by time, equal ones in the order in which they came. Late events put lists behind later ones.
    private int[] Order => byTime ??= [.. Enumerable.Range(0, groups.Count).OrderBy(group => groups[group].TimeMs)];

    // Number of lists before the later share of the rows.
    private int CutOf(double share)
    {
        var wanted = (int)(Count * (1 - share));
        var (cut, rows) = (0, 0);
        while (cut < groups.Count && (rows += SizeOf(cut)) <= wanted) cut++;
        return cut;
    }

    // Groups are named by their place in time from here on.
    private int SizeOf(int group) => EndOf(Order[group]) - StartOf(group);

    private RankerDataset Part(int firstGroup, int endGroup)
    {
        var sizes = new int[endGroup - firstGroup];
        for (var g = firstGroup; g < endGroup; g++) sizes[g - firstGroup] = SizeOf(g);
        var part = new RankerDataset
        {
            Rows = sizes.Sum(),
            Features = features,
            Values = new float[sizes.Sum() * features],
            Labels = new float[sizes.Sum()],
            Weights = weights is null ? null : new float[sizes.Sum()],
            Events = events is null ? null : new int[sizes.Sum()],
            GroupSizes = sizes,
        };
        var to = 0;
        for (var g = firstGroup; g < endGroup; g++)
        {
            var (from, size) = (StartOf(g), sizes[g - firstGroup]);
            values.AsSpan(from * features, size * features).CopyTo(part.Values.AsSpan(to * features));
            labels.AsSpan(from, size).CopyTo(part.Labels.AsSpan(to));
            weights?.AsSpan(from, size).CopyTo(part.Weights.AsSpan(to));
            events?.AsSpan(from, size).CopyTo(part.Events.AsSpan(to));
            to += size;
        }
        return part;
    }

    private static int MostRows(int features) => Array.MaxLength / features;

    private static RecSysException TooMany(int rows, int features) => new(FormattableString.Invariant(
        $"{rows:#,0} rows of {features} features are more than the {MostRows(features):#,0} that one table holds. Lower ")
            + "Training:MaxImpressions, or of a log without impressions Training:MaxTargets.");

    private int StartOf(int group) => groups[Order[group]].Start;

    private int EndOf(int place) => place + 1 < groups.Count ? groups[place + 1].Start : Count;

    private int FirstGroup(long timeMs)
    {
        var at = 0;
        while (at < groups.Count && groups[Order[at]].TimeMs < timeMs) at++;
        return at;
    }

    private void Grow(int rows)
    {
        if (rows <= labels.Length) return;
        var most = MostRows(features);
        if (rows > most) throw TooMany(rows, features);
        var size = (int)Math.Min(most, Math.Max(rows, labels.Length * 3L / 2));
        Array.Resize(ref values, size * features);
        Array.Resize(ref labels, size);
    }
}
