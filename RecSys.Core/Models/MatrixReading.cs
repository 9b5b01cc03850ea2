using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace RecSys.Core.Models;

/// <summary>Reads a matrix file once and does everything with it that needs its bytes: checksum, soundness of the rows, and a copy where one is wanted.</summary>
internal static class MatrixReading
{
    private const int RowsPerRead = 1024;

    // Squares of lengths that are within 0.001 of one.
    private const float LeastSquare = 0.999f * 0.999f;
    private const float MostSquare = 1.001f * 1.001f;

    /// <summary>Embeddings: rows of length one.</summary>
    /// <param name="path">Rows × <paramref name="dimension"/> float32.</param>
    /// <param name="count">Rows; the file is as long as they need.</param>
    /// <param name="dimension">Floats per row.</param>
    /// <param name="copy">Gets all values; empty: nothing is kept.</param>
    /// <param name="cancellationToken">Stops between reads.</param>
    /// <returns>The sha256 in hexadecimal, and what is wrong with the first unsound row in words, or null.</returns>
    public static (string Sha256, string? Fault) ReadEmbeddings(string path, int count, int dimension, Memory<float> copy, CancellationToken cancellationToken)
    {
        string? fault = null;
        var sha = ReadRows(path, count, dimension * sizeof(float), (first, bytes) =>
        {
            var floats = MemoryMarshal.Cast<byte, float>(bytes);
            if (!copy.IsEmpty) floats.CopyTo(copy.Span[(first * dimension)..]);
            for (var at = 0; at < floats.Length && fault is null; at += dimension)
                fault = FaultOf(TensorPrimitives.SumOfSquares(floats.Slice(at, dimension)), first + at / dimension);
        }, cancellationToken);
        return (sha, fault);
    }

    /// <summary>What training learnt of ids: rows of finite float16.</summary>
    /// <inheritdoc cref="ReadEmbeddings"/>
    public static (string Sha256, string? Fault) ReadIdVectors(string path, int count, int dimension, CancellationToken cancellationToken)
    {
        string? fault = null;
        var sha = ReadRows(path, count, dimension * sizeof(ushort), (first, bytes) =>
        {
            var halves = MemoryMarshal.Cast<byte, ushort>(bytes);
            for (var i = 0; i < halves.Length && fault is null; i++)
            {
                if ((halves[i] & 0x7c00) == 0x7c00) fault = $"holds NaN or infinite numbers in row {first + i / dimension}";
            }
        }, cancellationToken);
        return (sha, fault);
    }

    private static string? FaultOf(float square, int row)
    {
        // A NaN or an infinity anywhere in the row makes the sum one, too.
        if (!float.IsFinite(square)) return $"holds NaN, infinite or absurdly large numbers in row {row}";
        if (square == 0) return $"holds only zeros in row {row}";
        return square is >= LeastSquare and <= MostSquare ? null : $"holds a vector of length {MathF.Sqrt(square)} in row {row}; embeddings have length 1";
    }

    private delegate void RowsRead(int first, ReadOnlySpan<byte> bytes);

    private static string ReadRows(string path, int count, int rowBytes, RowsRead look, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        var buffer = new byte[rowBytes * RowsPerRead];
        for (var row = 0; row < count;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = Math.Min(RowsPerRead, count - row);
            var bytes = buffer.AsSpan(0, rows * rowBytes);
            file.ReadExactly(bytes);
            hash.AppendData(bytes);
            look(row, bytes);
            row += rows;
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
