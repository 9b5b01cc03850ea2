using System.Runtime.InteropServices;
using RecSys.Core.Domain;

namespace RecSys.Core.Simulation.Policies;

/// <summary>A list as a policy made it and, once it was shown, what its reader did: all that an app could log.</summary>
public sealed class ShownList
{
    private readonly List<ShownSlot> slots;

    internal ShownList(string requestId, string sessionId, int user, DateTimeOffset time, int length)
    {
        (RequestId, SessionId, User, Time, Length) = (requestId, sessionId, user, time, length);
        slots = new List<ShownSlot>(length);
    }

    public string RequestId { get; }
    public string SessionId { get; }

    /// <summary>Number of the user.</summary>
    public int User { get; }
    public DateTimeOffset Time { get; }

    /// <summary>Places that may be filled.</summary>
    public int Length { get; }
    public string Device { get; internal set; } = "mobile";

    /// <summary>By position.</summary>
    public IReadOnlyList<ShownSlot> Slots => slots;

    internal Span<ShownSlot> Places => CollectionsMarshal.AsSpan(slots);

    /// <summary>Fills the next place.</summary>
    /// <param name="item">Number of an item that is not in the list yet.</param>
    /// <param name="propensity">Probability with which the policy shows it at this place.</param>
    /// <param name="kind">How it came to its place.</param>
    /// <exception cref="RecSysException">The list is full, has the item already, or the propensity is no probability above 0.</exception>
    public void Add(int item, double propensity = 1, SlotKind kind = SlotKind.Ranked)
    {
        if (slots.Count == Length || Contains(item) || propensity is not (> 0 and <= 1))
            throw new RecSysException($"A policy put item {item} with propensity {propensity} at place {slots.Count} of {Length}; a list "
                + "takes each item once, with a propensity above 0 and at most 1.");
        slots.Add(new ShownSlot(item, propensity, kind));
    }

    public bool Contains(int item)
    {
        foreach (ref readonly var slot in Places)
        {
            if (slot.Item == item) return true;
        }
        return false;
    }

    /// <summary>Empties the list, for a policy around another.</summary>
    public void Clear() => slots.Clear();
}
