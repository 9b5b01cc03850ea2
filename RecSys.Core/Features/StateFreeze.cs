namespace RecSys.Core.Features;

/// <summary>What a replay no longer takes in from a moment on.</summary>
/// <param name="FromMs">Unix milliseconds.</param>
/// <param name="Items">
/// True: nothing at all. False: users only, while counters of items and of the whole go on; what an event contributes to those is judged by
/// the user as of that moment.
/// </param>
public sealed record StateFreeze(long FromMs, bool Items);
