using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>
/// The classes that counters tell apart. What an undo takes back is what an event of its type counts as where it states no meaning.
/// </summary>
internal readonly struct EventKind
{
    public EventKind(in LogEvent e)
    {
        var meaning = e.Meaning;
        Undo = meaning == EventMeaning.Undo;
        if (Undo) meaning = EventTypes.MeaningOf(e.Type);
        Impression = e.Type == EventType.Impression;
        Click = e.Type == EventType.Click;
        Positive = meaning == EventMeaning.Positive;
        Negative = meaning == EventMeaning.Negative;
    }

    /// <summary>True: counts go down instead of up, though never below 0.</summary>
    public bool Undo { get; }

    public bool Impression { get; }
    public bool Click { get; }
    public bool Positive { get; }
    public bool Negative { get; }
}
