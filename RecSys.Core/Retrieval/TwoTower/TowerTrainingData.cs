using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Text;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>Every user's item sequence (see <see cref="InteractionSequence"/>), one behind the other, oldest entry first.</summary>
public sealed class TowerTrainingData
{
    private readonly int[] starts;
    private readonly int[] entries;
    private readonly byte[] devices;
    private readonly byte[] locations;
    private readonly long middleMs;

    private TowerTrainingData(InteractionLog log, int[] starts, int[] entries, byte[] devices, byte[] locations)
    {
        Items = log.Items;
        Users = log.Users;
        LastTimeMs = log.Events.IsEmpty ? 0 : log.Events[^1].TimeMs;
        middleMs = MiddleOf(log);
        this.starts = starts;
        this.entries = entries;
        this.devices = devices;
        this.locations = locations;
    }

    public ItemCatalog Items { get; }
    public UserDirectory Users { get; }

    /// <summary>Text embeddings of the items, read by the item tower beside the n-grams; null without a text encoder.</summary>
    public ItemTexts? Texts { get; init; }

    /// <summary>
    /// What stops the training early, from behind the log; null holds out last entries of the log, as many as
    /// <see cref="TwoTowerOptions.ValidationUsers"/> says.
    /// </summary>
    internal IReadOnlyList<HeldOutEntry>? Validation { get; init; }

    private bool[]? NewItems { get; init; }

    /// <summary>Number of entries of all users.</summary>
    public int EntryCount => entries.Length;

    /// <summary>Time of the last event, Unix milliseconds: the moment from which item ages count.</summary>
    internal long LastTimeMs { get; }

    /// <summary>Everything in the log is training data.</summary>
    /// <param name="log">What happened.</param>
    /// <param name="texts">Text embeddings of the log's items; null without a text encoder.</param>
    /// <param name="newItems">By ordinal: items that count as new whatever their creation time; null leaves it to that.</param>
    /// <param name="validation">What stops the training early; null holds out last entries of the log.</param>
    public static TowerTrainingData FromLog(InteractionLog log, ItemTexts? texts = null, bool[]? newItems = null,
        IReadOnlyList<HeldOutEntry>? validation = null)
    {
        log = log.WithUsersMerged().InTimeOrder();
        var sequences = new List<int>?[log.Users.Count];
        var picked = new List<int>?[log.Users.Count];
        var total = 0;
        for (var at = 0; at < log.Events.Length; at++)
        {
            ref readonly var e = ref log.Events[at];
            if (e.User < 0) continue;
            var sequence = sequences[e.User] ??= [];
            if (!InteractionSequence.Extends(CollectionsMarshal.AsSpan(sequence), e)) continue;
            sequence.Add(e.Item);
            (picked[e.User] ??= []).Add(at);
            total++;
        }

        var starts = new int[log.Users.Count + 1];
        var (entries, devices, locations) = (new int[total], new byte[total], new byte[total]);
        var next = 0;
        for (var user = 0; user < picked.Length; user++)
        {
            starts[user] = next;
            foreach (var at in picked[user] ?? [])
            {
                ref readonly var e = ref log.Events[at];
                (entries[next], devices[next], locations[next]) = (e.Item, e.Device, e.Location);
                next++;
            }
        }
        starts[^1] = next;
        return new TowerTrainingData(log, starts, entries, devices, locations)
        {
            Texts = texts,
            NewItems = newItems,
            Validation = validation,
        };
    }

    /// <summary>
    /// False for an item that users had too little time to choose: it was created after half of the positive events. Without a creation
    /// time an item counts as old, since most of a catalogue is.
    /// </summary>
    internal bool HadItsChance(int item) =>
        NewItems?[item] != true && (Items.CreatedMs(item) is var created && (created == long.MinValue || created <= middleMs));

    /// <summary>Item ordinals of a user, oldest first.</summary>
    public ReadOnlySpan<int> Sequence(int user) => entries.AsSpan(starts[user], starts[user + 1] - starts[user]);

    /// <summary>Device code with which the entry at <paramref name="position"/> of the user was made.</summary>
    internal byte Device(int user, int position) => devices[starts[user] + position];

    /// <summary>Location code of that entry.</summary>
    internal byte Location(int user, int position) => locations[starts[user] + position];

    private static long MiddleOf(InteractionLog log)
    {
        var times = new List<long>();
        foreach (ref readonly var e in log.Events)
        {
            if (e.IsPositive) times.Add(e.TimeMs);
        }
        return times.Count == 0 ? long.MaxValue : times[times.Count / 2];
    }
}
