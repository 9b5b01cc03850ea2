using System.Numerics;
using System.Runtime.InteropServices;

namespace RecSys.Core.Features;

/// <summary>Cosines between a candidate and the user's last items; the vectors of the user side are normalised once per request.</summary>
internal sealed class Similarity
{
    private const int Latest = 5;
    private const int Wide = 20;
    private const int UserRow = Latest;
    private const int MeanOfFew = Latest + 1;
    private const int MeanOfMany = Latest + 2;
    private const int Rows = Latest + 3;

    private float[] vectors = [];
    private readonly bool[] present = new bool[Rows];
    private IItemEmbeddings? embeddings;
    private int dimension;

    public float Last { get; private set; }
    public float MeanOfLast5 { get; private set; }
    public float MeanOfLast20 { get; private set; }
    public float HighestOfLast5 { get; private set; }
    public float User { get; private set; }

    public void Begin(FeatureRequest request, ReadOnlySpan<int> recent)
    {
        embeddings = request.Embeddings;
        if (embeddings is null) return;
        dimension = embeddings.Dimension;
        if (vectors.Length < Rows * dimension) vectors = new float[Rows * dimension];
        Array.Clear(present);
        Row(MeanOfFew).Clear();
        Row(MeanOfMany).Clear();
        for (var back = 0; back < Math.Min(Wide, recent.Length); back++)
        {
            if (!embeddings.TryGet(recent[recent.Length - 1 - back], out var vector)) continue;
            var scale = Scale(vector);
            if (scale == 0) continue;
            AddScaled(vector, scale, Row(MeanOfMany));
            present[MeanOfMany] = true;
            if (back >= Latest) continue;
            AddScaled(vector, scale, Row(MeanOfFew));
            present[MeanOfFew] = present[back] = true;
            Row(back).Clear();
            AddScaled(vector, scale, Row(back));
        }
        Normalise(MeanOfFew);
        Normalise(MeanOfMany);
        var user = request.UserEmbedding.Span;
        if (user.Length != dimension || Scale(user) is not (> 0 and var userScale)) return;
        Row(UserRow).Clear();
        AddScaled(user, userScale, Row(UserRow));
        present[UserRow] = true;
    }

    public void BeginCandidate(int item)
    {
        Last = MeanOfLast5 = MeanOfLast20 = HighestOfLast5 = User = float.NaN;
        if (embeddings is null || !embeddings.TryGet(item, out var vector)) return;
        Span<float> dots = stackalloc float[Rows];
        var scale = Scale(Dots(vector, dots));
        if (scale == 0) return;
        for (var row = 0; row < Rows; row++) dots[row] = present[row] ? dots[row] * scale : float.NaN;
        Last = dots[0];
        foreach (var cosine in dots[..Latest])
        {
            if (!(cosine <= HighestOfLast5) && !float.IsNaN(cosine)) HighestOfLast5 = cosine;
        }
        (MeanOfLast5, MeanOfLast20, User) = (dots[MeanOfFew], dots[MeanOfMany], dots[UserRow]);
    }

    public void End() => embeddings = null;

    private Span<float> Row(int row) => vectors.AsSpan(row * dimension, dimension);

    private void Normalise(int row)
    {
        if (!present[row]) return;
        var values = Row(row);
        var scale = Scale(values);
        if (scale == 0) present[row] = false;
        foreach (ref var value in values) value *= scale;
    }

    private static float Scale(ReadOnlySpan<float> vector) => Scale(Dot(vector, vector));

    /// <summary>1 / length, from its square; 0 for a vector without direction (zero, NaN or infinite).</summary>
    private static float Scale(float square) => square > 0 && float.IsFinite(square) ? 1 / MathF.Sqrt(square) : 0;

    // Inner products of all rows with a vector, and of the vector with itself, in one pass over it. Sums in the order of Dot, to the last
    // bit.
    private float Dots(ReadOnlySpan<float> vector, Span<float> dots)
    {
        ref var x = ref MemoryMarshal.GetReference(vector[..dimension]);
        ref var rows = ref MemoryMarshal.GetReference(vectors.AsSpan(0, Rows * dimension));
        var step = (nuint)dimension;
        var (s0, s1, s2, s3) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        var (s4, s5, s6, s7) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        var own = Vector<float>.Zero;
        var whole = dimension - dimension % Vector<float>.Count;
        for (nuint at = 0; at < (nuint)whole; at += (nuint)Vector<float>.Count)
        {
            var value = Vector.LoadUnsafe(ref x, at);
            own += value * value;
            s0 += Vector.LoadUnsafe(ref rows, at) * value;
            s1 += Vector.LoadUnsafe(ref rows, step + at) * value;
            s2 += Vector.LoadUnsafe(ref rows, 2 * step + at) * value;
            s3 += Vector.LoadUnsafe(ref rows, 3 * step + at) * value;
            s4 += Vector.LoadUnsafe(ref rows, 4 * step + at) * value;
            s5 += Vector.LoadUnsafe(ref rows, 5 * step + at) * value;
            s6 += Vector.LoadUnsafe(ref rows, 6 * step + at) * value;
            s7 += Vector.LoadUnsafe(ref rows, 7 * step + at) * value;
        }
        (dots[0], dots[1], dots[2], dots[3]) = (Vector.Sum(s0), Vector.Sum(s1), Vector.Sum(s2), Vector.Sum(s3));
        (dots[4], dots[5], dots[6], dots[7]) = (Vector.Sum(s4), Vector.Sum(s5), Vector.Sum(s6), Vector.Sum(s7));
        var square = Vector.Sum(own);
        for (var at = whole; at < dimension; at++)
        {
            square += vector[at] * vector[at];
            for (var row = 0; row < Rows; row++) dots[row] += vectors[row * dimension + at] * vector[at];
        }
        return square;
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var left = MemoryMarshal.Cast<float, Vector<float>>(a);
        var right = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sums = Vector<float>.Zero;
        for (var i = 0; i < left.Length; i++) sums += left[i] * right[i];
        var sum = Vector.Sum(sums);
        for (var i = left.Length * Vector<float>.Count; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static void AddScaled(ReadOnlySpan<float> vector, float scale, Span<float> target)
    {
        var from = MemoryMarshal.Cast<float, Vector<float>>(vector);
        var to = MemoryMarshal.Cast<float, Vector<float>>(target);
        for (var i = 0; i < from.Length; i++) to[i] += from[i] * scale;
        for (var i = from.Length * Vector<float>.Count; i < vector.Length; i++) target[i] += vector[i] * scale;
    }
}
