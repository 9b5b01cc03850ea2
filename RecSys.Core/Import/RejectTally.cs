using System.Text.RegularExpressions;

namespace RecSys.Core.Import;

/// <summary>Counts malformed rows by their reasons; those that differ in values and numbers alone are one.</summary>
internal sealed partial class RejectTally
{
    private const int MostKinds = 500;

    private readonly Dictionary<string, (string Reason, long Rows, string Place)> kinds = new(StringComparer.Ordinal);

    /// <param name="reason">What is wrong with a row.</param>
    /// <param name="rows">Rows that it covers.</param>
    /// <param name="file">Name of the file.</param>
    /// <param name="line">On which it begins.</param>
    internal void Add(string reason, long rows, string file, long line)
    {
        var kind = Particular().Replace(reason, "#");
        if (kinds.TryGetValue(kind, out var known)) kinds[kind] = known with { Rows = known.Rows + rows };
        else if (kinds.Count < MostKinds) kinds.Add(kind, (reason, rows, FormattableString.Invariant($"{file}, line {line}")));
    }

    /// <summary>The most frequent reasons, each as it was first given.</summary>
    internal IReadOnlyList<RejectReason> Top(int most) => [.. kinds.Values.OrderByDescending(kind => kind.Rows).Take(most)
        .Select(kind => new RejectReason(kind.Reason, kind.Rows, kind.Place))];

    [GeneratedRegex(@"'[^']*'|\d[\d.,]*", RegexOptions.CultureInvariant)]
    private static partial Regex Particular();
}
