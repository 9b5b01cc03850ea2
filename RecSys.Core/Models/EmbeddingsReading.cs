using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace RecSys.Core.Models;

/// <summary>
/// Reads the embeddings once and does everything with them that needs their bytes: checksum, soundness of the rows, and a copy where one is
/// wanted.
/// </summary>
internal static class EmbeddingsReading
{
    private const int RowsPerRead = 1024;

    // Squares of lengths that are within 0.001 of one.
    private const float LeastSquare = 0.999f * 0.999f;
    private const float MostSquare = 1.001f * 1.001f;

    /// <param name="path">Rows × <paramref name="dimension"/> float32.</param>
    /// <param name="count">Rows; the file is as long as they need.</param>
    /// <param name="dimension">Floats per row.</param>
    /// <param name="copy">Gets all values; null: nothing is kept.</param>
    /// <param name="cancellationToken">Stops between reads.</param>
    /// <returns>The sha256 in hexadecimal, and what is wrong with the first row that is not a vector of length one in words, or
    /// null.</returns>
    public static (string Sha256, string? Fault) Read(string path, int count, int dimension, float[]? copy,
        CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        var buffer = new float[dimension * RowsPerRead];
        string? fault = null;
        for (var row = 0; row < count; row += RowsPerRead)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var floats = buffer.AsSpan(0, Math.Min(RowsPerRead, count - row) * dimension);
            var bytes = MemoryMarshal.AsBytes(floats);
            file.ReadExactly(bytes);
            hash.AppendData(bytes);
            if (copy is not null) floats.CopyTo(copy.AsSpan(row * dimension));
            for (var at = 0; at < floats.Length && fault is null; at += dimension)
                fault = FaultOf(TensorPrimitives.SumOfSquares<float>(floats.Slice(at, dimension)), row + at / dimension);
        }
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), fault);
    }

    private static string? FaultOf(float square, int row)
    {
        // A NaN or an infinity anywhere in the row makes the sum one, too.
        if (!float.IsFinite(square)) return $"holds NaN, infinite or absurdly large numbers in row {row}";
        if (square == 0) return $"holds only zeros in row {row}";
        return square is >= LeastSquare and <= MostSquare
            ? null : $"holds a vector of length {MathF.Sqrt(square)} in row {row}; embeddings have length 1";
    }
}
