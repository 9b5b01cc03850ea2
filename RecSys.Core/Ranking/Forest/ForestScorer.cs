using System.Buffers;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RecSys.Core.Ranking.Forest;

/// <summary>Runs a <see cref="ForestProgram"/> over a matrix, block by block.</summary>
/// <typeparam name="T"><see cref="sbyte"/> for a narrow program, otherwise <see cref="short"/>.</typeparam>
internal readonly unsafe ref struct ForestScorer<T> where T : unmanaged
{
    private readonly ForestProgram program;
    private readonly bool wide;

    public ForestScorer(ForestProgram program, bool wide)
    {
        this.program = program;
        this.wide = wide;
    }

    /// <summary>Sizes have been checked.</summary>
    public void Score(ReadOnlySpan<float> matrix, int rows, Span<double> rawScores)
    {
        var features = program.FeatureCount;
        var lineArea = program.Lines * program.LineBytes;
        var codeArea = program.Categorical.Length * ForestProgram.BlockRows * sizeof(int);
        var rented =
            ArrayPool<byte>.Shared.Rent(64 + lineArea + codeArea + (ForestProgram.BlockRows * sizeof(float)) + (features * sizeof(int)));
        try
        {
            fixed (byte* start = rented)
            fixed (float* values = matrix)
            fixed (double* scores = rawScores)
            fixed (float* thresholds = program.Thresholds)
            fixed (Step* steps = program.Steps)
            fixed (double* leafValues = program.LeafValues)
            fixed (uint* bits = program.CategoryBits)
            {
                var scratch = (byte*)(((nuint)start + 63) & ~(nuint)63);
                var codes = (int*)(scratch + lineArea);
                var buffer = (float*)(scratch + lineArea + codeArea);
                var varies = (int*)(buffer + ForestProgram.BlockRows);
                WriteLeafNumbers(scratch);
                FindVarying(values, rows, features, varies);
                for (var first = 0; first < rows; first += ForestProgram.BlockRows)
                {
                    var count = Math.Min(ForestProgram.BlockRows, rows - first);
                    FillColumns(scratch, thresholds, values + ((long)first * features), count, buffer, varies, isFirst: first == 0);
                    FillCodes(codes, values + ((long)first * features), count);
                    RunTrees(scratch, steps, leafValues, bits, codes, count, scores + first);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static int Lowest => sizeof(T) == 1 ? sbyte.MinValue : short.MinValue;

    private void WriteLeafNumbers(byte* scratch)
    {
        for (var leaf = 0; leaf < program.Leaves; leaf++)
        {
            var line = scratch + ((long)leaf * program.LineBytes);
            if (sizeof(T) == 1) new Span<byte>(line, program.LineBytes).Fill((byte)leaf);
            else new Span<ushort>(line, program.LineBytes / 2).Fill((ushort)leaf);
        }
    }

    // Bits that differ from the first row, by column: user and context features are the same for all candidates of a request.
    private static void FindVarying(float* values, int rows, int features, int* varies)
    {
        new Span<int>(varies, features).Clear();
        var bits = (int*)values;
        for (var row = 1; row < rows; row++)
        {
            var other = bits + ((long)row * features);
            var at = 0;
            for (; at <= features - Vector256<int>.Count; at += Vector256<int>.Count)
                (Vector256.Load(varies + at) | (Vector256.Load(bits + at) ^ Vector256.Load(other + at))).Store(varies + at);
            for (; at < features; at++) varies[at] |= bits[at] ^ other[at];
        }
    }

    private void FillColumns(byte* scratch, float* thresholds, float* values, int rows, float* buffer, int* varies, bool isFirst)
    {
        var features = program.FeatureCount;
        foreach (var feature in program.Numeric)
        {
            if (varies[feature.Feature] == 0)
            {
                if (isFirst)
                    RankKernel.FillConstant<T>(scratch, feature, thresholds + feature.Start, values[feature.Feature], program.LineBytes,
                        Lowest);
                continue;
            }
            var source = values + feature.Feature;
            for (var row = 0; row < rows; row++, source += features) buffer[row] = *source;
            RankKernel.Fill<T>(scratch, feature, thresholds + feature.Start, buffer, rows, Lowest, wide);
        }
    }

    // Codes are cut towards zero, so that -0.5 is code 0; -1 stands for everything that no set holds.
    private void FillCodes(int* codes, float* values, int rows)
    {
        for (var i = 0; i < program.Categorical.Length; i++)
        {
            var source = values + program.Categorical[i];
            for (var row = 0; row < rows; row++, source += program.FeatureCount)
                codes[(i * ForestProgram.BlockRows) + row] = *source > -1 && *source < int.MaxValue ? (int)*source : -1;
        }
    }

    private void RunTrees(byte* scratch, Step* steps, double* leafValues, uint* bits, int* codes, int rows, double* scores)
    {
        new Span<double>(scores, rows).Clear();
        var bytes = ((rows * sizeof(T)) + 63) & ~63;
        var results = scratch + program.FirstResult;
        var spans = program.Trees;
        for (var tree = 0; tree < spans.Length - 1;)
        {
            var group = Math.Min(ForestProgram.TreesPerSum, spans.Length - 1 - tree);
            if (program.CategoryTests.Length == 0)
                ForestKernel.Run<T>(scratch, steps + spans[tree].Step, steps + spans[tree + group].Step, bytes, wide);
            else
            {
                for (var i = tree; i < tree + group; i++)
                {
                    for (var test = spans[i].CategoryTest; test < spans[i + 1].CategoryTest; test++)
                        FillTest(scratch, program.CategoryTests[test], bits, codes, rows);
                    ForestKernel.Run<T>(scratch, steps + spans[i].Step, steps + spans[i + 1].Step, bytes, wide);
                }
            }
            Sum(results, tree, group, leafValues, rows, scores);
            tree += group;
        }
    }

    private static void FillTest(byte* scratch, CategoryTest test, uint* bits, int* codes, int rows)
    {
        var set = bits + test.Start;
        var own = codes + (test.Codes * ForestProgram.BlockRows);
        var line = (T*)(scratch + test.Line);
        var row = 0;
        if (Avx2.IsSupported)
        {
            // Codes and lines have room for a whole block; codes of no row are cut to the set like all others, and nobody reads what comes
            // of them.
            for (; row < rows; row += 16)
            {
                var right = Vector256.Narrow(RightOf(set, own + row, test.Bits), RightOf(set, own + row + 8, test.Bits));
                if (sizeof(T) == 1) Vector128.Narrow(right.GetLower(), right.GetUpper()).Store((sbyte*)line + row);
                else right.Store((short*)line + row);
            }
            return;
        }
        for (; row < rows; row++)
        {
            var code = Math.Min((uint)own[row], (uint)test.Bits);
            var right = Lowest + 1 - (int)((set[code >> 5] >> (int)(code & 31)) & 1);
            if (sizeof(T) == 1) ((sbyte*)line)[row] = (sbyte)right;
            else ((short*)line)[row] = (short)right;
        }
    }

    // Of eight rows: the lowest number for a code in the set, one more for any other.
    private static Vector256<int> RightOf(uint* set, int* codes, int bits)
    {
        var code = Vector256.Min(Vector256.Load(codes).AsUInt32(), Vector256.Create((uint)bits));
        var words = Avx2.GatherVector256((int*)set, (code >>> 5).AsInt32(), sizeof(int)).AsUInt32();
        var inSet = Avx2.ShiftRightLogicalVariable(words, code & Vector256.Create(31u)) & Vector256<uint>.One;
        return Vector256.Create(Lowest + 1) - inSet.AsInt32();
    }

    // Adds in tree order, as LightGBM does, so that the sum is the same to the last bit.
    private void Sum(byte* results, int tree, int group, double* leafValues, int rows, double* scores)
    {
        var spans = program.Trees;
        if (group == 8 && sizeof(T) == 1)
        {
            double* v0 = leafValues + spans[tree].LeafValue, v1 = leafValues + spans[tree + 1].LeafValue;
            double* v2 = leafValues + spans[tree + 2].LeafValue, v3 = leafValues + spans[tree + 3].LeafValue;
            double* v4 = leafValues + spans[tree + 4].LeafValue, v5 = leafValues + spans[tree + 5].LeafValue;
            double* v6 = leafValues + spans[tree + 6].LeafValue, v7 = leafValues + spans[tree + 7].LeafValue;
            const int line = ForestProgram.BlockRows;
            for (var row = 0; row < rows; row++)
            {
                var leaf = results + row;
                scores[row] = scores[row] + v0[leaf[0]] + v1[leaf[line]] + v2[leaf[2 * line]] + v3[leaf[3 * line]]
                    + v4[leaf[4 * line]] + v5[leaf[5 * line]] + v6[leaf[6 * line]] + v7[leaf[7 * line]];
            }
            return;
        }
        for (var i = 0; i < group; i++)
        {
            var own = leafValues + spans[tree + i].LeafValue;
            var line = results + (i * program.LineBytes);
            for (var row = 0; row < rows; row++) scores[row] += own[sizeof(T) == 1 ? line[row] : ((ushort*)line)[row]];
        }
    }
}
