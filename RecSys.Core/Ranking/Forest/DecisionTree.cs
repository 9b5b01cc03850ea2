namespace RecSys.Core.Ranking.Forest;

/// <summary>
/// One tree as the model text states it, checked: children are in range, every node and leaf is reached exactly once from node 0,
/// no threshold is NaN, leaf values are finite.
/// </summary>
internal sealed class DecisionTree
{
    /// <summary>One per leaf.</summary>
    public required double[] LeafValues { get; init; }
    /// <summary>One per inner node, as are all arrays down to <see cref="Right"/>.</summary>
    public required int[] Features { get; init; }
    /// <summary>Numerical node: left when the value is not larger. Categorical node: index into <see cref="CategoryBounds"/>.</summary>
    public required double[] Thresholds { get; init; }
    public required byte[] Decisions { get; init; }
    /// <summary>An inner node, or the bitwise complement of a leaf.</summary>
    public required int[] Left { get; init; }
    public required int[] Right { get; init; }
    /// <summary>Set <c>i</c> of codes that go left is <see cref="CategoryBits"/> from word <c>[i]</c> to word <c>[i + 1]</c>.</summary>
    public required int[] CategoryBounds { get; init; }
    public required uint[] CategoryBits { get; init; }
    /// <summary>Rows of the training by leaf; empty where the text does not say, so that nothing is known of the contributions.</summary>
    public int[] LeafCounts { get; init; } = [];
    /// <summary>The same by inner node.</summary>
    public int[] NodeCounts { get; init; } = [];

    public bool IsCategorical(int node) => (Decisions[node] & 1) != 0;

    public bool DefaultLeft(int node) => (Decisions[node] & 2) != 0;

    public MissingKind Missing(int node) => (MissingKind)(Decisions[node] >> 2);

    /// <summary>Rows of the training that came to a node, or to the leaf of a complement.</summary>
    public int CountOf(int child) => child >= 0 ? NodeCounts[child] : LeafCounts[~child];

    /// <summary>Where one value goes at a node. For explanations; scores come from the compiled <see cref="ForestProgram"/>.</summary>
    public bool GoesLeft(int node, float value)
    {
        if (IsCategorical(node))
        {
            var codes = Categories(node);
            return value > -1 && value < codes.Length * 32 && (codes[(int)value >> 5] >> ((int)value & 31) & 1) != 0;
        }
        var missing = Missing(node);
        if (MathF.Abs(value) <= RankKernel.Zero || (float.IsNaN(value) && missing != MissingKind.NaN)) value = 0;
        var isMissing = missing == MissingKind.Zero ? value == 0 : missing == MissingKind.NaN && float.IsNaN(value);
        return isMissing ? DefaultLeft(node) : value <= Thresholds[node];
    }

    /// <summary>The codes that go left at a categorical node, as a bit set.</summary>
    public ReadOnlySpan<uint> Categories(int node)
    {
        var set = (int)Thresholds[node];
        return CategoryBits.AsSpan(CategoryBounds[set]..CategoryBounds[set + 1]);
    }
}

/// <summary>Which values take a node's default direction; the numbers are those of the model text.</summary>
internal enum MissingKind
{
    /// <summary>None; NaN counts as zero.</summary>
    None = 0,
    /// <summary>Zero and NaN.</summary>
    Zero = 1,
    NaN = 2,
}
