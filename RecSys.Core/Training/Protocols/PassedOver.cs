using RecSys.Core.Domain;

namespace RecSys.Core.Training.Protocols;

/// <summary>
/// A user as one without positive events: all that counts as known are items that were shown or rejected and never chosen, and an item that
/// the user then turned to is to be found.
/// </summary>
/// <param name="User">Ordinal.</param>
/// <param name="Chosen">Ordinal of the item to be found.</param>
/// <param name="Items">
/// Ordinals of what was passed over, the last 50 at most, oldest first; without what the user had chosen before.
/// </param>
internal sealed record PassedOver(int User, int Chosen, int[] Items)
{
    /// <summary>Fewer items tell nothing.</summary>
    public const int Least = 5;

    private const int Most = 50;

    /// <summary>
    /// Of each user, the first choice behind enough of such items. What was shown in the very moment of the chosen one does not count.
    /// </summary>
    /// <param name="log">In the order of time.</param>
    /// <param name="users">By ordinal, whom to ask.</param>
    public static List<PassedOver> Of(InteractionLog log, bool[] users)
    {
        var met = new Dictionary<int, Dictionary<int, (long At, bool Chosen)>>();
        var done = new HashSet<int>();
        var cases = new List<PassedOver>();
        foreach (var e in log.Events)
        {
            if (e.User < 0 || !users[e.User] || done.Contains(e.User)) continue;
            if (!met.TryGetValue(e.User, out var own)) met.Add(e.User, own = []);
            var before = own.GetValueOrDefault(e.Item, (At: e.TimeMs, Chosen: false));
            if (e.IsPositive && !before.Chosen)
            {
                int[] items = [.. own.Where(entry => !entry.Value.Chosen && entry.Value.At < before.At && entry.Key != e.Item)
                    .OrderBy(entry => entry.Value.At).Select(entry => entry.Key).TakeLast(Most)];
                if (items.Length >= Least)
                {
                    cases.Add(new PassedOver(e.User, e.Item, items));
                    done.Add(e.User);
                }
            }
            own[e.Item] = (before.At, before.Chosen || e.IsPositive);
        }
        return cases;
    }
}
