namespace RecSys.Core.Expressions;

/// <summary>Damages texts, for tests and benches that see whether a reader of expressions bears it.</summary>
internal static class ExpressionFuzz
{
    private static readonly string[] Pieces =
    [
        "(", ")", "[", "]", ",", ".", "'", "\"", "\\", "\\u00", " and ", " or ", " not ", " in ", " has ", "-", "--", "<",
        "=", "1e9", "0", "..", "9",
        "\0", "\ud800", "é", "attributes.", "user.", "context.", "if(", "time(", "true", "price", "((((((((", "\n", "\t", "/0",
    ];

    /// <summary>The text with up to eight pieces put in, left out, repeated or exchanged.</summary>
    public static string Damage(string text, Random random)
    {
        for (var times = random.Next(9); times > 0; times--)
        {
            var at = random.Next(text.Length + 1);
            var length = Math.Min(random.Next(6), text.Length - at);
            text = random.Next(5) switch
            {
                0 => text.Insert(at, Pieces[random.Next(Pieces.Length)]),
                1 => text.Remove(at, length),
                2 => text.Insert(at, text.Substring(at, length)),
                3 => text.Insert(at, ((char)random.Next(char.MaxValue + 1)).ToString()),
                _ => string.Concat(text.AsSpan(0, at), Pieces[random.Next(Pieces.Length)], text.AsSpan(at + length)),
            };
        }
        return text;
    }
}
