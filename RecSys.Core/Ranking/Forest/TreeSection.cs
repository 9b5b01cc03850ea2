using System.Globalization;
using System.Numerics;

namespace RecSys.Core.Ranking.Forest;

/// <summary>The lines of one tree, and the checks that make them a <see cref="DecisionTree"/>.</summary>
internal sealed class TreeSection(Dictionary<string, string> section, int number, int features)
{
    /// <summary>Most leaves of a tree: a leaf's number must fit into 16 bits.</summary>
    public const int MaxLeaves = 65_536;

    public static ReadOnlySpan<string> Keys => KeyList;

    private static readonly string[] KeyList =
    [
        "num_leaves", "num_cat", "split_feature", "split_gain", "threshold", "decision_type", "left_child", "right_child", "leaf_value",
        "leaf_weight", "leaf_count", "internal_value", "internal_weight", "internal_count", "cat_boundaries", "cat_threshold",
        "is_linear", "shrinkage", "leaf_const", "num_features", "leaf_features", "leaf_coeff",
    ];

    public DecisionTree Read()
    {
        if (section.TryGetValue("is_linear", out var linear) && linear != "0") throw ForestParser.Unsupported("is_linear (linear trees)");
        var leaves = ForestParser.Int(ForestParser.Required(section, "num_leaves"), "num_leaves");
        if (leaves < 1) throw Wrong($"has num_leaves={leaves}");
        if (leaves > MaxLeaves) throw ForestParser.Unsupported($"num_leaves={leaves}, more than {MaxLeaves},");
        var sets = section.TryGetValue("num_cat", out var text) ? ForestParser.Int(text, "num_cat") : 0;
        if (sets < 0 || sets >= Math.Max(leaves, 1)) throw Wrong($"has num_cat={sets} with {leaves} leaves");

        var nodes = leaves - 1;
        var tree = new DecisionTree
        {
            LeafValues = Numbers<double>("leaf_value", leaves, NumberStyles.Float),
            Features = Numbers<int>("split_feature", nodes),
            Thresholds = Numbers<double>("threshold", nodes, NumberStyles.Float),
            Decisions = Numbers<byte>("decision_type", nodes),
            Left = Numbers<int>("left_child", nodes),
            Right = Numbers<int>("right_child", nodes),
            CategoryBounds = sets == 0 ? [] : Numbers<int>("cat_boundaries", sets + 1),
            CategoryBits = sets == 0 ? [] : Numbers<uint>("cat_threshold", count: null),
            LeafCounts = Counts("leaf_count", leaves),
            NodeCounts = Counts("internal_count", nodes),
        };
        CheckSets(tree, sets);
        CheckNodes(tree, sets);
        CheckShape(tree);
        return tree;
    }

    private void CheckSets(DecisionTree tree, int sets)
    {
        if (sets == 0) return;
        var bounds = tree.CategoryBounds;
        for (var i = 0; i < sets; i++)
        {
            if (bounds[i] < 0 || bounds[i] > bounds[i + 1]) throw Wrong("has cat_boundaries that do not rise");
        }
        if (bounds[0] != 0 || bounds[sets] != tree.CategoryBits.Length) throw Wrong("has cat_boundaries that do not match cat_threshold");
    }

    private void CheckNodes(DecisionTree tree, int sets)
    {
        if (tree.LeafValues.Any(value => !double.IsFinite(value))) throw Wrong("has a leaf_value that is not finite");
        for (var node = 0; node < tree.Features.Length; node++)
        {
            if (tree.Features[node] < 0 || tree.Features[node] >= features)
                throw Wrong($"splits on feature {tree.Features[node]} of {features}");
            // Infinity is sound: it parts NaN from everything else.
            if (double.IsNaN(tree.Thresholds[node])) throw Wrong("has a threshold that is not a number");
            if (tree.Decisions[node] >= 12) throw Wrong($"has decision_type {tree.Decisions[node]}");
            var set = tree.Thresholds[node];
            if (tree.IsCategorical(node) && !(set >= 0 && set < sets && set == Math.Floor(set)))
                throw Wrong($"has the categorical threshold {set}, but num_cat={sets}");
        }
    }

    // Walks from the root: a second visit is a cycle or a shared child, an index never visited is unreachable.
    private void CheckShape(DecisionTree tree)
    {
        var nodes = tree.Features.Length;
        var seenNode = new bool[nodes];
        var seenLeaf = new bool[nodes + 1];
        var left = (2 * nodes) + 1;
        var open = new Stack<int>();
        open.Push(nodes > 0 ? 0 : ~0);
        while (open.TryPop(out var at))
        {
            var leaf = at < 0;
            var seen = leaf ? seenLeaf : seenNode;
            var index = leaf ? ~at : at;
            if (index >= seen.Length) throw Wrong($"has the child {at}, outside its {nodes} nodes and {nodes + 1} leaves");
            if (seen[index]) throw Wrong($"reaches the child {at} twice");
            seen[index] = true;
            left--;
            if (leaf) continue;
            open.Push(tree.Right[index]);
            open.Push(tree.Left[index]);
        }
        if (left != 0) throw Wrong($"has {left} nodes or leaves that cannot be reached");
    }

    // Scores need no counts, and older texts may lack them.
    private int[] Counts(string key, int count)
    {
        if (count == 0 || !section.TryGetValue(key, out var text) || string.IsNullOrWhiteSpace(text)) return [];
        var counts = Numbers<int>(key, count);
        return counts.All(each => each > 0) ? counts : [];
    }

    // With a count, the line must hold exactly that many; without nodes it may be missing or empty.
    private T[] Numbers<T>(string key, int? count, NumberStyles style = NumberStyles.AllowLeadingSign) where T : INumber<T>
    {
        if (count == 0) return [];
        var text = ForestParser.Required(section, key).AsSpan().Trim(' ');
        var found = text.Count(' ') + 1;
        if (count is { } wanted && found != wanted) throw Wrong($"has {found} values of {key}, but needs {wanted}");
        var values = new T[found];
        var at = 0;
        foreach (var range in text.Split(' '))
        {
            var word = text[range];
            if (!T.TryParse(word is "inf" ? "Infinity" : word is "-inf" ? "-Infinity" : word, style, CultureInfo.InvariantCulture,
                out var value))
                throw Wrong($"has {key} '{ForestParser.Shown(word)}', which is not a number of its kind");
            values[at++] = value;
        }
        return values;
    }

    private Domain.RecSysException Wrong(string what) => ForestParser.Damaged($"{what} in tree {number}");
}
