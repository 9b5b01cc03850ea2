using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>The three classes that counters tell apart.</summary>
internal readonly struct EventKind(EventType type)
{
    public bool Impression { get; } = type == EventType.Impression;
    public bool Click { get; } = type == EventType.Click;
    public bool Positive { get; } = type.IsPositive();
}
