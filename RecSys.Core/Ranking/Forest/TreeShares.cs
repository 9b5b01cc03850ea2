namespace RecSys.Core.Ranking.Forest;

/// <summary>
/// What each feature of a row contributes to the raw score of a tree: its Shapley value where a feature that is not known goes both ways,
/// as often as the rows of the training did. Exact, in time leaves × depth² (Lundberg et al., Consistent Individualized Feature
/// Attribution for Tree Ensembles, 2018, algorithm 2); what LightGBM calls <c>pred_contrib</c>. Reuses its buffer; not thread-safe.
/// </summary>
internal sealed class TreeShares
{
    /// <summary>Deepest tree: the walk goes down by recursion.</summary>
    public const int MaxDepth = 1000;

    private Step[] steps = [];
    private DecisionTree tree = null!;

    /// <summary>Adds the shares of the features and gives the mean score of the tree, to which they add up with the row's own.</summary>
    /// <param name="of">A tree with counts.</param>
    /// <param name="row">One value per feature; NaN means missing.</param>
    /// <param name="shares">As long.</param>
    public double Add(DecisionTree of, ReadOnlySpan<float> row, Span<double> shares)
    {
        if (of.Features.Length == 0) return of.LeafValues[0];
        tree = of;
        var depth = DepthOf(of);
        if (depth > MaxDepth) throw ForestParser.Unsupported($"a tree of {depth} levels, too deep for its contributions,");
        var room = (depth + 2) * (depth + 3) / 2;
        if (steps.Length < room) steps = new Step[room];
        Visit(0, start: 0, length: 0, zero: 1, one: 1, feature: -1, row, shares);
        var mean = 0.0;
        for (var leaf = 0; leaf < of.LeafValues.Length; leaf++)
            mean += (double)of.LeafCounts[leaf] / of.NodeCounts[0] * of.LeafValues[leaf];
        return mean;
    }

    // The path so far are `length` steps from `start` on; each call works on a copy behind it, longer by the step that led here.
    private void Visit(
        int node, int start, int length, double zero, double one, int feature, ReadOnlySpan<float> row, Span<double> shares)
    {
        var path = steps.AsSpan(start + length, length + 1);
        steps.AsSpan(start, length).CopyTo(path);
        start += length;
        Extend(path, zero, one, feature);
        if (node < 0)
        {
            var value = tree.LeafValues[~node];
            for (var i = 1; i < path.Length; i++)
                shares[path[i].Feature] += WeightWithout(path, i) * (path[i].One - path[i].Zero) * value;
            return;
        }
        var split = tree.Features[node];
        var (hot, cold) = tree.GoesLeft(node, row[split])
            ? (tree.Left[node], tree.Right[node]) : (tree.Right[node], tree.Left[node]);
        double all = tree.CountOf(node), incomingZero = 1, incomingOne = 1;
        // A feature that stands on the path already is taken off it and comes back with both its splits.
        for (var i = 1; i < path.Length; i++)
        {
            if (path[i].Feature != split) continue;
            (incomingZero, incomingOne) = (path[i].Zero, path[i].One);
            Unwind(path, i);
            path = path[..^1];
            break;
        }
        Visit(hot, start, path.Length, tree.CountOf(hot) / all * incomingZero, incomingOne, split, row, shares);
        Visit(cold, start, path.Length, tree.CountOf(cold) / all * incomingZero, 0, split, row, shares);
    }

    private static void Extend(Span<Step> path, double zero, double one, int feature)
    {
        var last = path.Length - 1;
        path[last] = new Step { Feature = feature, Zero = zero, One = one, Weight = last == 0 ? 1 : 0 };
        for (var i = last - 1; i >= 0; i--)
        {
            path[i + 1].Weight += one * path[i].Weight * (i + 1) / path.Length;
            path[i].Weight = zero * path[i].Weight * (last - i) / path.Length;
        }
    }

    private static void Unwind(Span<Step> path, int at)
    {
        var (last, zero, one) = (path.Length - 1, path[at].Zero, path[at].One);
        var next = path[last].Weight;
        for (var i = last - 1; i >= 0; i--)
        {
            if (one != 0)
            {
                var before = path[i].Weight;
                path[i].Weight = next * path.Length / ((i + 1) * one);
                next = before - path[i].Weight * zero * (last - i) / path.Length;
            }
            else
            {
                path[i].Weight = path[i].Weight * path.Length / (zero * (last - i));
            }
        }
        for (var i = at; i < last; i++) path[i] = path[i + 1] with { Weight = path[i].Weight };
    }

    // The sum of the weights that unwinding the step would leave.
    private static double WeightWithout(ReadOnlySpan<Step> path, int at)
    {
        var (last, zero, one) = (path.Length - 1, path[at].Zero, path[at].One);
        var (next, sum) = (path[last].Weight, 0.0);
        for (var i = last - 1; i >= 0; i--)
        {
            if (one != 0)
            {
                var weight = next * path.Length / ((i + 1) * one);
                sum += weight;
                next = path[i].Weight - weight * zero * (last - i) / path.Length;
            }
            else if (zero != 0)
            {
                sum += path[i].Weight * path.Length / (zero * (last - i));
            }
        }
        return sum;
    }

    private static int DepthOf(DecisionTree tree)
    {
        var (open, deepest) = (new Stack<(int Node, int Depth)>(), 0);
        open.Push((0, 0));
        while (open.TryPop(out var at))
        {
            deepest = Math.Max(deepest, at.Depth);
            if (at.Node < 0) continue;
            open.Push((tree.Left[at.Node], at.Depth + 1));
            open.Push((tree.Right[at.Node], at.Depth + 1));
        }
        return deepest;
    }

    /// <summary>A feature on the way to a node.</summary>
    private struct Step
    {
        public int Feature;

        /// <summary>Share of the training's rows that go on when the feature is not known.</summary>
        public double Zero;

        /// <summary>1 when the row itself goes on, else 0.</summary>
        public double One;

        /// <summary>Weight of the sets of known features that are as large as the step's place.</summary>
        public double Weight;
    }
}
