namespace RecSys.Core.Domain;

/// <summary>Finds what a misspelt name may have meant, whatever its case and what stands between its words.</summary>
public static class NearestName
{
    private const int MostEdits = 2;

    /// <summary>
    /// The name with the fewest letters inserted, left out or exchanged and neighbours swapped (optimal string alignment: Damerau, 1964,
    /// without a second edit of what was swapped), at most two and fewer than a third of the name; of equal ones the first. Null: none is
    /// so near.
    /// </summary>
    public static string? Of(string misspelt, IEnumerable<string> names)
    {
        var plain = Plain(misspelt);
        var (best, least) = ((string?)null, Math.Min(MostEdits, (plain.Length - 1) / 3) + 1);
        foreach (var name in names)
        {
            var distance = Distance(plain, Plain(name));
            if (distance < least) (best, least) = (name, distance);
        }
        return best;
    }

    /// <summary>Letters and digits alone, in lower case.</summary>
    public static string Plain(string name) => string.Create(name.Count(char.IsLetterOrDigit), name, static (plain, text) =>
    {
        var at = 0;
        foreach (var letter in text)
        {
            if (char.IsLetterOrDigit(letter)) plain[at++] = char.ToLowerInvariant(letter);
        }
    });

    private static int Distance(string left, string right)
    {
        var (before, last, row) = (new int[right.Length + 1], new int[right.Length + 1], new int[right.Length + 1]);
        for (var j = 0; j < row.Length; j++) row[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            (before, last, row) = (last, row, before);
            row[0] = i;
            for (var j = 1; j < row.Length; j++)
            {
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
        }
        return row[^1];
    }
}
