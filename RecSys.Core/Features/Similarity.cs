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
        var scale = Scale(vector);
        if (scale == 0) return;
        for (var back = 0; back < Latest; back++)
        {
            var cosine = Cosine(back, vector, scale);
            if (back == 0) Last = cosine;
            if (!(cosine <= HighestOfLast5) && !float.IsNaN(cosine)) HighestOfLast5 = cosine;
        }
        MeanOfLast5 = Cosine(MeanOfFew, vector, scale);
        MeanOfLast20 = Cosine(MeanOfMany, vector, scale);
        User = Cosine(UserRow, vector, scale);
    }

    public void End() => embeddings = null;

    private Span<float> Row(int row) => vectors.AsSpan(row * dimension, dimension);

    private float Cosine(int row, ReadOnlySpan<float> vector, float scale) => present[row] ? Dot(Row(row), vector) * scale : float.NaN;

    private void Normalise(int row)
    {
        if (!present[row]) return;
        var values = Row(row);
        var scale = Scale(values);
        if (scale == 0) present[row] = false;
        foreach (ref var value in values) value *= scale;
    }

    /// <summary>1 / length; 0 for a vector without direction (zero, NaN or infinite).</summary>
    private static float Scale(ReadOnlySpan<float> vector)
    {
        var square = Dot(vector, vector);
        return square > 0 && float.IsFinite(square) ? 1 / MathF.Sqrt(square) : 0;
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
