namespace RecSys.Core.Monitoring.Alerts.Keeping;

/// <summary>A list of at most so many entries; adding one more drops the oldest, and says which.</summary>
/// <param name="most">Entries kept.</param>
internal sealed class BoundedList<T>(int most)
    where T : class
{
    private readonly List<T> entries = [];

    public IReadOnlyList<T> Entries => entries;

    /// <returns>The entry that had to go; null when there was room.</returns>
    public T? Add(T entry)
    {
        entries.Add(entry);
        if (entries.Count <= most) return null;
        var oldest = entries[0];
        entries.RemoveAt(0);
        return oldest;
    }

    public int RemoveAll(Predicate<T> match) => entries.RemoveAll(match);
}
