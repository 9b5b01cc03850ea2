namespace RecSys.Core.Import.Rows;

/// <summary>Finds what separates the columns of a table, by its header.</summary>
internal static class Delimiter
{
    private static readonly char[] Candidates = [',', '\t', ';', '|'];

    /// <summary>The candidate that makes the most columns of the first line, outside quotes; the comma where none makes any.</summary>
    internal static char Find(ReadOnlySpan<byte> head)
    {
        var end = head.IndexOfAny((byte)'\n', (byte)'\r');
        var line = end < 0 ? head : head[..end];
        Span<int> counts = stackalloc int[Candidates.Length];
        var quoted = false;
        foreach (var sign in line)
        {
            if (sign == '"') quoted = !quoted;
            if (!quoted && Array.IndexOf(Candidates, (char)sign) is >= 0 and var found) counts[found]++;
        }
        var best = 0;
        for (var i = 1; i < counts.Length; i++)
        {
            if (counts[i] > counts[best]) best = i;
        }
        return Candidates[best];
    }

    /// <summary>As people call it.</summary>
    internal static string Name(char delimiter) => delimiter switch
    {
        ',' => "commas",
        '\t' => "tabs",
        ';' => "semicolons",
        '|' => "bars",
        _ => $"'{delimiter}'",
    };
}
