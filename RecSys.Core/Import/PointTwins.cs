using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Import;

/// <summary>
/// Finds items and users that come in as <c>12</c> where <c>12.0</c> is stored: two of what is one, because an earlier import did not read
/// such ids as whole numbers.
/// </summary>
internal sealed class PointTwins(ILogContents contents)
{
    private long items;
    private long users;
    private string example = "";

    /// <summary>How many there are and what to do, in a sentence; null for none.</summary>
    internal string? Found => items + users == 0 ? null : string.Create(CultureInfo.InvariantCulture,
        $"warning: {Counted()} are stored under the id with .0, too, such as '{example}.0' beside '{example}': an import without "
            + $"--whole-ids made those, and what happened to the one does not count for the other. Remove those with .0 (DELETE /items/… "
            + $"and /users/…), or import everything into another folder with --whole-ids");

    /// <summary>Looks at what was new.</summary>
    internal async Task LookAsync(IReadOnlyList<LogChange> changes, IReadOnlyList<AppendResult> results, CancellationToken ct)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            if (!results[i].IsNew) continue;
            var (id, isTwin) = changes[i] switch
            {
                ItemPut { Item.Id: var item } when IsWhole(item) =>
                    (item, await contents.FindItemAsync(item + ".0", ct) is { Removed: false }),
                UserPut { User.Id: var user } when IsWhole(user) => (user, await contents.FindUserAsync(user + ".0", ct) is not null),
                _ => ("", false),
            };
            if (!isTwin) continue;
            if (items + users == 0) example = id;
            if (changes[i] is ItemPut) items++;
            else users++;
        }
    }

    private string Counted() => string.Join(" and ", new[] { (items, "items"), (users, "users") }.Where(part => part.Item1 > 0)
        .Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Item1:#,0} {part.Item2}")));

    private static bool IsWhole(string id) => id.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;
}
