using RecSys.Core.Domain;

namespace RecSys.Core.Import.Files;

/// <summary>JSON values of a file as bytes: one per line, or the elements of one array. Empty lines are passed over.</summary>
internal sealed class JsonRows : IDisposable
{
    private readonly LineReader? lines;
    private readonly JsonElementReader? elements;

    /// <exception cref="RecSysException">The file is missing or no text.</exception>
    internal JsonRows(string path)
    {
        if (JsonElementReader.IsArray(path)) elements = new JsonElementReader(path);
        else lines = new LineReader(path);
    }

    internal long? Length => lines?.Length ?? elements?.Length;
    internal long Position => lines?.Position ?? elements!.Position;

    /// <summary>Line on which the current row begins, from 1.</summary>
    internal long Line => lines?.Line ?? elements!.Line;

    /// <exception cref="RecSysException">The file cannot be read on.</exception>
    internal bool TryRead(out ReadOnlySpan<byte> row)
    {
        if (elements is not null) return elements.TryRead(out row);
        while (lines!.TryRead(out row))
        {
            if (!row.Trim(" \t"u8).IsEmpty) return true;
        }
        return false;
    }

    public void Dispose()
    {
        lines?.Dispose();
        elements?.Dispose();
    }
}
