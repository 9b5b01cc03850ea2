namespace RecSys.Core.Events;

/// <summary>
/// The user's last served lists that count as shown without a report, by the hash of their request; a 33rd takes the place of the first.
/// </summary>
internal sealed class ShownLists
{
    public const int Capacity = 32;

    private ulong[] lists = [];

    public ReadOnlySpan<ulong> All => lists;

    public bool Contains(ulong list) => lists.AsSpan().Contains(list);

    public void Add(ulong list)
    {
        if (Contains(list)) return;
        lists = lists.Length < Capacity ? [.. lists, list] : [.. lists.AsSpan(1), list];
    }

    public void Restore(ulong[] saved) => lists = saved;
}
