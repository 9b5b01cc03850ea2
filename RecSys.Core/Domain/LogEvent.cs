using System.Runtime.InteropServices;

namespace RecSys.Core.Domain;

/// <summary>
/// The compact form of an <see cref="Event"/>: users and items are ordinals of a <see cref="UserDirectory"/> and an
/// <see cref="ItemCatalog"/>. Folds, replay and training work on this form. 32 bytes.
/// </summary>
/// <param name="TimeMs">Unix time, milliseconds, UTC.</param>
/// <param name="User">Ordinal of the user.</param>
/// <param name="Item">Ordinal of the item.</param>
/// <param name="Type">What happened.</param>
/// <param name="Value">Rating, seconds or revenue; NaN when unknown.</param>
/// <param name="Position">Zero-based position shown; -1 when unknown.</param>
/// <param name="Device">Code from <see cref="ContextCodes.Device"/>.</param>
/// <param name="Location">Code from <see cref="ContextCodes.Location"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LogEvent(
    long TimeMs, int User, int Item, EventType Type, float Value = float.NaN, short Position = -1, byte Device = 0, byte Location = 0)
{
    // One more than the meaning where it differs from what the type says; 0 where it does not, so that it costs nothing to leave it out.
    private readonly byte stated;

    /// <summary>
    /// The list that showed the item, as the client's request id tells: one number per id, from 1 on in the order in which the log names
    /// them. 0: none, or not read.
    /// </summary>
    public int List { get; init; }

    /// <summary>What it says about the user's opinion; what its type says unless stated. Folds go by this, not by the type.</summary>
    public EventMeaning Meaning
    {
        get => stated == 0 ? EventTypes.MeaningOf(Type) : (EventMeaning)(stated - 1);
        init => stated = value == EventTypes.MeaningOf(Type) ? (byte)0 : (byte)(value + 1);
    }

    /// <summary>True for an event that says the user wanted the item.</summary>
    public bool IsPositive => Meaning == EventMeaning.Positive;

    /// <summary>
    /// True for an event after which the user has had the item: a wish, or a rating that is neither wish nor rejection.
    /// </summary>
    public bool IsConsumption => IsPositive || (Type == EventType.Rating && Meaning == EventMeaning.Neutral);

    /// <summary>True for an impression, unless it takes an earlier one back.</summary>
    public bool IsImpression => Type == EventType.Impression && Meaning != EventMeaning.Undo;
}
