using System.Text.Json;

namespace RecSys.Core.Events;

/// <summary>Tells where two folded states differ, by the forms in which they are stored.</summary>
internal static class StateDifference
{
    /// <summary>Names what differs: parts of a snapshot, items by number, users by id; empty when the states are equal.</summary>
    /// <param name="expected">For the thread that folds it.</param>
    /// <param name="actual">Likewise. Users that are not in its memory are read from its store.</param>
    /// <param name="users">Whom to compare.</param>
    /// <param name="most">Names at most so many.</param>
    public static IReadOnlyList<string> Between(LiveState expected, LiveState actual, IEnumerable<string> users, int most = 20) =>
        [.. All(expected, actual, users).Take(most)];

    private static IEnumerable<string> All(LiveState expected, LiveState actual, IEnumerable<string> users)
    {
        if (expected.Position != actual.Position) yield return $"position {actual.Position} instead of {expected.Position}";
        var (a, b) = (Parts(expected), Parts(actual));
        foreach (var name in a.Keys.Union(b.Keys).Order(StringComparer.Ordinal))
        {
            if (!a.TryGetValue(name, out var one) || !b.TryGetValue(name, out var other) || !one.AsSpan().SequenceEqual(other))
                yield return $"part {name}";
        }
        if (expected.Catalog.Count != actual.Catalog.Count)
            yield return $"{actual.Catalog.Count} items instead of {expected.Catalog.Count}";
        for (var item = 0; item < Math.Min(expected.Catalog.Count, actual.Catalog.Count); item++)
        {
            if (!ItemOf(expected, item).AsSpan().SequenceEqual(ItemOf(actual, item)))
                yield return $"item {item} ({expected.Catalog.IdOf(item)})";
        }
        foreach (var user in users)
        {
            if (!ImageOf(expected, user).AsSpan().SequenceEqual(ImageOf(actual, user))) yield return $"user {user}";
        }
    }

    // Texts lie where they were appended, so two catalogues of the same items may differ in their bytes: they are compared item by item.
    private static Dictionary<string, byte[]> Parts(LiveState state)
    {
        using var frozen = state.Freeze();
        var parts = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var part in frozen.Parts.Where(part => part.Name != SnapshotParts.Catalog))
        {
            using var stream = new MemoryStream();
            part.Write(stream);
            parts.Add(part.Name, stream.ToArray());
        }
        return parts;
    }

    private static byte[] ItemOf(LiveState state, int item) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(state.Catalog[item]), state.Catalog.IsServable(item)
            ? (byte)1 : (byte)0, state.Catalog.IsRemoved(item) ? (byte)1 : (byte)0];

    // The user of this very id, not whom it was merged into. A user who was erased is one of whom nothing is known: no entry has a position
    // of 0.
    private static byte[] ImageOf(LiveState state, string id)
    {
        var user = state.Users.FindOrAddItself(id);
        lock (user) return user.Position == 0 ? [] : UserImage.Write(user);
    }
}
