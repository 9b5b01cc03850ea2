using System.Numerics;

namespace RecSys.Core.Ranking.Forest;

/// <summary>Turns trees into a <see cref="ForestProgram"/>.</summary>
internal sealed class ForestCompiler
{
    private readonly DecisionTree[] trees;
    private readonly Dictionary<int, float[]> thresholds = [];
    private readonly Dictionary<(int Feature, MissingKind Missing, bool Left), int> columns = [];
    private readonly Dictionary<int, int> categorical = [];
    private readonly List<CategoryTest> tests = [];
    private readonly List<uint> bits = [];
    private readonly List<Step> steps = [];
    private readonly List<double> leafValues = [];
    private readonly int lineBytes;
    private readonly int leaves;
    private readonly int firstSlot;
    private readonly int firstResult;
    private readonly int firstColumn;
    private readonly int firstTestColumn;
    private readonly int lines;

    private ForestCompiler(DecisionTree[] trees)
    {
        this.trees = trees;
        foreach (var group in NumericSplits().GroupBy(split => split.Feature))
        {
            thresholds[group.Key] = [.. group.Select(split => AtMost(split.Threshold)).Distinct().Order()];
            if (thresholds[group.Key].Length > short.MaxValue)
                throw ForestParser.Unsupported($"more than {short.MaxValue} thresholds on one feature");
            foreach (var (feature, missing, left, _) in group)
            {
                var key = KeyOf(feature, missing, left);
                columns.TryAdd(key, columns.Count);
            }
        }
        leaves = trees.Max(tree => tree.LeafValues.Length);
        Narrow = leaves <= 256 && thresholds.Values.All(list => list.Length <= 255);
        lineBytes = Narrow ? ForestProgram.BlockRows : 2 * ForestProgram.BlockRows;
        firstSlot = leaves;
        // Evaluating the heavier child first needs at most one slot per doubling of the leaves.
        firstResult = firstSlot + int.Log2(leaves) + 2;
        // A forest of single leaves has no column of its own, but its steps read one.
        firstColumn = firstResult + ForestProgram.TreesPerSum;
        firstTestColumn = firstColumn + Math.Max(1, columns.Count);
        lines = firstTestColumn + trees.Max(tree => Enumerable.Range(0, tree.Features.Length).Count(tree.IsCategorical));
    }

    private bool Narrow { get; }
    private int LowestRank => Narrow ? sbyte.MinValue : short.MinValue;

    public static ForestProgram Compile(DecisionTree[] trees, int featureCount) => new ForestCompiler(trees).Build(featureCount);

    private ForestProgram Build(int featureCount)
    {
        if ((long)lines * lineBytes > int.MaxValue / 2) throw ForestParser.Unsupported("more leaves and columns than fit into memory");
        var spans = new TreeSpan[trees.Length + 1];
        for (var i = 0; i < trees.Length; i++)
        {
            spans[i] = new TreeSpan(steps.Count, tests.Count, leafValues.Count);
            Emit(trees[i], firstResult + (i % ForestProgram.TreesPerSum));
        }
        spans[^1] = new TreeSpan(steps.Count, tests.Count, leafValues.Count);

        var table = new List<float>();
        var numeric = thresholds.OrderBy(pair => pair.Key).Select(pair => Numeric(pair.Key, pair.Value, table)).ToArray();
        return new ForestProgram
        {
            Narrow = Narrow,
            FeatureCount = featureCount,
            Numeric = numeric,
            // The search reads whole registers, past the end of the last list.
            Thresholds = [.. table, .. new float[16]],
            Categorical = [.. categorical.OrderBy(pair => pair.Value).Select(pair => pair.Key)],
            CategoryTests = [.. tests],
            CategoryBits = [.. bits],
            Trees = spans,
            Steps = [.. steps],
            LeafValues = [.. leafValues],
            Leaves = leaves,
            Lines = lines,
            FirstResult = firstResult * lineBytes,
        };
    }

    private NumericFeature Numeric(int feature, float[] list, List<float> table)
    {
        var start = table.Count;
        var padded = (int)BitOperations.RoundUpToPowerOf2((uint)list.Length + 1);
        for (var size = 1; size < padded; size *= 2)
        {
            var stride = padded / size;
            for (var i = 0; i < size; i++) table.Add(At(list, (stride * i) + (stride / 2) - 1));
        }
        var rankOfZero = list.Count(threshold => threshold < 0);
        var own = columns.Where(pair => pair.Key.Feature == feature).Select(pair => new RankColumn(
            (firstColumn + pair.Value) * lineBytes,
            pair.Key.Missing == MissingKind.Zero,
            pair.Key.Missing == MissingKind.None ? rankOfZero : pair.Key.Left ? 0 : list.Length));
        return new NumericFeature(feature, start, padded, rankOfZero, [.. own]);
    }

    private static float At(float[] list, int at) => at < list.Length ? list[at] : float.PositiveInfinity;

    // Children before parents, the child that needs more slots first.
    private void Emit(DecisionTree tree, int result)
    {
        leafValues.AddRange(tree.LeafValues);
        if (tree.Features.Length == 0)
        {
            steps.Add(new Step(firstColumn * lineBytes, 0, 0, result * lineBytes, 0));
            return;
        }
        var need = SlotNeeds(tree);
        var lineOf = new int[tree.Features.Length];
        var free = new Stack<int>(Enumerable.Range(firstSlot, firstResult - firstSlot).Reverse());
        var firstTest = tests.Count;
        var open = new Stack<(int Node, bool Ready)>();
        open.Push((0, false));
        while (open.TryPop(out var at))
        {
            if (at.Node < 0) continue;
            int left = tree.Left[at.Node], right = tree.Right[at.Node];
            if (!at.Ready)
            {
                var heavierLeft = Need(left) >= Need(right);
                open.Push((at.Node, true));
                open.Push((heavierLeft ? right : left, false));
                open.Push((heavierLeft ? left : right, false));
                continue;
            }
            if (left >= 0) free.Push(lineOf[left]);
            if (right >= 0) free.Push(lineOf[right]);
            lineOf[at.Node] = at.Node == 0 ? result : free.Pop();
            var (column, threshold) = Test(tree, at.Node, firstTest);
            steps.Add(new Step(column * lineBytes, LineOf(left) * lineBytes, LineOf(right) * lineBytes, lineOf[at.Node] * lineBytes,
                threshold + LowestRank));
        }

        int Need(int child) => child < 0 ? 0 : need[child];
        int LineOf(int child) => child < 0 ? ~child : lineOf[child];
    }

    private (int Column, int Threshold) Test(DecisionTree tree, int node, int firstTest)
    {
        var feature = tree.Features[node];
        if (!tree.IsCategorical(node))
        {
            var rank = Array.BinarySearch(thresholds[feature], AtMost(tree.Thresholds[node]));
            return (firstColumn + columns[KeyOf(feature, tree.Missing(node), tree.DefaultLeft(node))], rank);
        }
        if (!categorical.TryGetValue(feature, out var codes)) categorical.Add(feature, codes = categorical.Count);
        var set = tree.Categories(node);
        var line = firstTestColumn + tests.Count - firstTest;
        tests.Add(new CategoryTest(codes, bits.Count, set.Length * 32, line * lineBytes));
        bits.AddRange(set);
        bits.Add(0);
        return (line, 0);
    }

    // Slots that hold results while the other child is worked out: leaves need none.
    private static int[] SlotNeeds(DecisionTree tree)
    {
        var order = new List<int>();
        var open = new Stack<int>();
        open.Push(0);
        while (open.TryPop(out var node))
        {
            if (node < 0) continue;
            order.Add(node);
            open.Push(tree.Left[node]);
            open.Push(tree.Right[node]);
        }
        var need = new int[tree.Features.Length];
        for (var i = order.Count - 1; i >= 0; i--)
        {
            var left = tree.Left[order[i]] < 0 ? 0 : need[tree.Left[order[i]]];
            var right = tree.Right[order[i]] < 0 ? 0 : need[tree.Right[order[i]]];
            need[order[i]] = Math.Max(1, left == right ? left + 1 : Math.Max(left, right));
        }
        return need;
    }

    private IEnumerable<(int Feature, MissingKind Missing, bool Left, double Threshold)> NumericSplits() =>
        trees.SelectMany(tree => Enumerable.Range(0, tree.Features.Length)
            .Where(node => !tree.IsCategorical(node))
            .Select(node => (tree.Features[node], tree.Missing(node), tree.DefaultLeft(node), tree.Thresholds[node])));

    private static (int Feature, MissingKind Missing, bool Left) KeyOf(int feature, MissingKind missing, bool left) =>
        (feature, missing, missing != MissingKind.None && left);

    // value <= threshold for a float value exactly when value <= the largest float that is not above the threshold.
    private static float AtMost(double threshold)
    {
        var near = (float)threshold;
        return near > threshold ? MathF.BitDecrement(near) : near;
    }
}
