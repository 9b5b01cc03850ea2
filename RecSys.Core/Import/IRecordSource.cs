using System.Diagnostics.CodeAnalysis;

namespace RecSys.Core.Import;

/// <summary>Rows of a file in one format. Rows that are malformed as such go to the ledger and are not returned.</summary>
internal interface IRecordSource : IDisposable
{
    /// <summary>Size of the file in bytes; null for a pipe.</summary>
    long? Length { get; }

    /// <summary>Bytes consumed.</summary>
    long Position { get; }

    /// <summary>Number of the line on which the current row begins, from 1.</summary>
    long Line { get; }

    /// <summary>The current row as it stands in the file.</summary>
    string Raw { get; }

    /// <summary>Moves to the next row, valid until the next call; false behind the last.</summary>
    bool TryRead([NotNullWhen(true)] out RecordFields? fields);
}
