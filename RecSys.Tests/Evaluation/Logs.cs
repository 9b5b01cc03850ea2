using CsCheck;
using RecSys.Core.Domain;

namespace RecSys.Tests.Evaluation;

/// <summary>Small logs for tests.</summary>
internal static class Logs
{
    public static InteractionLog Of(int users, int items, params LogEvent[] events) => new(
        ItemCatalog.Create(Enumerable.Range(0, items).Select(i => new Item { Id = $"i{i}", Title = $"i{i}", Category = "c" })),
        new UserDirectory(Enumerable.Range(0, users).Select(u => new User { Id = $"u{u}" })),
        events);

    /// <summary>One view per item, a second apart, user after user.</summary>
    public static InteractionLog OfSequences(int items, params int[][] sequences) => Of(
        sequences.Length, items,
        [.. sequences.SelectMany((sequence, user) => sequence.Select(
            (item, at) => new LogEvent(1000L * at, user, item, EventType.View))).OrderBy(e => e.TimeMs)]);

    /// <summary>Logs of up to 200 events with repeats, all event types and equal times.</summary>
    public static Gen<InteractionLog> Any { get; } =
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 29], Gen.Int[0, EventTypes.Count - 1], Gen.Int[0, 2]).Array[0, 200].Select(steps =>
        {
            long time = 0;
            return Of(4, 30, [.. steps.Select(step => new LogEvent(time += step.Item4, step.Item1, step.Item2, (EventType)step.Item3))]);
        });
}
