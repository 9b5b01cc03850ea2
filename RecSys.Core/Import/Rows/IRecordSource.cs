using System.Diagnostics.CodeAnalysis;

namespace RecSys.Core.Import.Rows;

/// <summary>Rows of a file in one format. Rows that are malformed as such go to the ledger and are not returned.</summary>
internal interface IRecordSource : IDisposable
{
    /// <summary>What the format was found to be beyond the usual, or null.</summary>
    string? Note => null;

    /// <summary>What <see cref="Length"/> and <see cref="Position"/> count.</summary>
    string Unit => "bytes";

    /// <summary>Size of the file in bytes, packed as it is; null for a pipe.</summary>
    long? Length { get; }

    /// <summary>Bytes of the file that were read.</summary>
    long Position { get; }

    /// <summary>Number of the line on which the current row begins, from 1; that of the row where a format has no lines.</summary>
    long Line { get; }

    /// <summary>Lines that the current row covers.</summary>
    long Lines => 1;

    /// <summary>The current row as it stands in the file.</summary>
    string Raw { get; }

    /// <summary>Moves to the next row, valid until the next call; false behind the last.</summary>
    bool TryRead([NotNullWhen(true)] out RecordFields? fields);
}
