using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.Text;

/// <summary>
/// Hashes a text's words, and the character trigrams inside them, to table rows. Words carry meaning, trigrams carry
/// spelling variants and words that training never saw.
/// </summary>
internal static class TextNGrams
{
    private const int Trigram = 3;
    private const int MaxWord = 64;
    private const ulong WordSeed = 0x77;
    private const ulong TrigramSeed = 0x33;

    /// <summary>
    /// Appends a row from 0 to <paramref name="rows"/> - 1 for every word and trigram; letters are lowered, all but letters and digits
    /// separates.
    /// </summary>
    /// <param name="text">Any text; words beyond 64 characters are cut.</param>
    /// <param name="rows">Size of the table.</param>
    /// <param name="limit">Most rows appended.</param>
    /// <param name="into">Receives the rows, repeated ones included.</param>
    public static void Append(ReadOnlySpan<char> text, int rows, int limit, List<int> into)
    {
        var most = into.Count + limit;
        // One mark before and one behind the word lets a trigram know where the word begins and ends.
        Span<char> word = stackalloc char[MaxWord + 2];
        var length = 0;
        word[0] = '^';
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && char.IsLetterOrDigit(text[i]))
            {
                if (length < MaxWord) word[++length] = char.ToLowerInvariant(text[i]);
                continue;
            }
            if (length == 0) continue;
            word[length + 1] = '$';
            Add(word[1..(length + 1)], WordSeed);
            // Digits in common mean nothing: 1312 is not like 4312.
            var spelled = word[1..(length + 1)].ContainsAnyExceptInRange('0', '9');
            for (var at = 0; spelled && at + Trigram <= length + 2; at++) Add(word.Slice(at, Trigram), TrigramSeed);
            length = 0;
        }

        void Add(ReadOnlySpan<char> gram, ulong seed)
        {
            if (into.Count < most) into.Add((int)(StableHash.Of(gram, seed) % (ulong)rows));
        }
    }
}
