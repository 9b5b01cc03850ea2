using System.Runtime.InteropServices;

namespace RecSys.Core.Ranking.Forest;

/// <summary>
/// A forest compiled for scoring blocks of rows. Every feature value is first replaced by its rank among the forest's own thresholds of
/// that feature, so a split is a comparison of small integers, one byte per row where ranks and leaf numbers fit. A tree is then a list of
/// steps without branches: each replaces, row by row, the leaf numbers of a node's two children by the one its comparison picks; the last
/// step leaves the number of the leaf each row ends in.
/// </summary>
internal sealed class ForestProgram
{
    /// <summary>Rows that go through the trees together: enough that decoding a step costs little beside carrying it out.</summary>
    public const int BlockRows = 256;

    /// <summary>Trees whose leaf numbers are collected before their values are added up.</summary>
    public const int TreesPerSum = 8;

    /// <summary>True: ranks and leaf numbers are bytes. False: 16 bits.</summary>
    public required bool Narrow { get; init; }
    public required int FeatureCount { get; init; }
    public required NumericFeature[] Numeric { get; init; }
    /// <summary>Thresholds of all numeric features, each feature's padded with +∞ to one less than a power of two and laid out as a
    /// search tree in level order: the middle one, then the middles of both halves, and so on.</summary>
    public required float[] Thresholds { get; init; }
    /// <summary>Features that categorical nodes ask for.</summary>
    public required int[] Categorical { get; init; }
    public required CategoryTest[] CategoryTests { get; init; }
    /// <summary>Bit sets of all tests, each followed by a word of zeros for codes beyond it.</summary>
    public required uint[] CategoryBits { get; init; }
    public required TreeSpan[] Trees { get; init; }
    public required Step[] Steps { get; init; }
    public required double[] LeafValues { get; init; }

    /// <summary>Scratch lines: first the leaf numbers 0, 1, ..., then intermediate results, then results, then columns.</summary>
    public required int Leaves { get; init; }
    public required int Lines { get; init; }
    /// <summary>Offset of the first of <see cref="TreesPerSum"/> result lines in bytes.</summary>
    public required int FirstResult { get; init; }

    public int LineBytes => Narrow ? BlockRows : 2 * BlockRows;
}

/// <summary>How values of a feature become ranks.</summary>
/// <param name="Feature">Column of the matrix.</param>
/// <param name="Start">First of its thresholds.</param>
/// <param name="Padded">Number of thresholds with padding, plus one: a power of two.</param>
/// <param name="RankOfZero">Rank of the value 0, which NaN takes where it is not missing.</param>
/// <param name="Columns">At least one.</param>
internal sealed record NumericFeature(int Feature, int Start, int Padded, int RankOfZero, RankColumn[] Columns);

/// <summary>
/// The ranks of a feature with one treatment of missing values: nodes that send them left read a column in which they have the lowest rank,
/// nodes that send them right one in which they have the highest.
/// </summary>
/// <param name="Line">Offset of the scratch line in bytes.</param>
/// <param name="ZeroIsMissing">Zero takes <paramref name="MissingRank"/> as NaN does.</param>
/// <param name="MissingRank">The rank of a missing value.</param>
internal readonly record struct RankColumn(int Line, bool ZeroIsMissing, int MissingRank);

/// <summary>A categorical node: fills a scratch line with rank 0 for codes of the set and 1 for others.</summary>
/// <param name="Codes">Index into <see cref="ForestProgram.Categorical"/>.</param>
/// <param name="Start">First word of the set.</param>
/// <param name="Bits">Size of the set.</param>
/// <param name="Line">Offset of the scratch line in bytes.</param>
internal readonly record struct CategoryTest(int Codes, int Start, int Bits, int Line);

/// <summary>The parts of the program that belong to one tree; each part ends where the next tree's begins.</summary>
internal readonly record struct TreeSpan(int Step, int CategoryTest, int LeafValue);

/// <summary>
/// Target = Column &gt; Threshold ? Right : Left, for every row of the block. All but the threshold are byte offsets of scratch lines.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Step(int Column, int Left, int Right, int Target, int Threshold);
