namespace RecSys.Core.Features;

/// <summary>What a <see cref="SeenRecord"/> knows of one item. Times are Unix seconds, 0 for never.</summary>
public struct SeenEntry
{
    /// <summary>Number of the item plus one; 0: nothing is known.</summary>
    internal int Key;
    internal uint ShownSeconds;
    internal uint ConsumedSeconds;

    /// <summary>True when the user disliked or hid the item.</summary>
    public bool Rejected { readonly get; internal set; }

    /// <summary>True when anything is known.</summary>
    public readonly bool IsKnown => Key != 0;

    internal readonly int Item => Key - 1;
    internal readonly uint LastSeconds => Math.Max(ShownSeconds, ConsumedSeconds);

    /// <summary>Last time it was shown, Unix milliseconds to the second; null for never.</summary>
    public readonly long? ShownMs => ShownSeconds == 0 ? null : ShownSeconds * 1000L;

    /// <summary>Last event by which the user had the item (<see cref="Domain.LogEvent.IsConsumption"/>), Unix milliseconds to the second;
    /// null for never.</summary>
    public readonly long? ConsumedMs => ConsumedSeconds == 0 ? null : ConsumedSeconds * 1000L;
}
