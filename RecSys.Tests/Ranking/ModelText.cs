namespace RecSys.Tests.Ranking;

/// <summary>Model texts written by hand.</summary>
internal static class ModelText
{
    /// <summary>A model over features <c>f0</c>, <c>f1</c>, ... with the given tree sections.</summary>
    public static string WithTrees(int features, params string[] trees)
    {
        var names = string.Join(' ', Enumerable.Range(0, features).Select(f => $"f{f}"));
        var sections = string.Concat(trees.Select((tree, at) => $"Tree={at}\n{tree}\n\n\n"));
        return $"tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx={features - 1}\nobjective=binary sigmoid:1\n"
            + $"feature_names={names}\nfeature_infos={names}\ntree_sizes={string.Join(' ', trees.Select(tree => tree.Length))}\n\n{sections}end of trees\n";
    }
}
