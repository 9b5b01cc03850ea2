using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace RecSys.Core.Domain.Metrics;

/// <summary>
/// What an instrument cannot say of itself: the tags of its measurements and what to look at in it. Said where the instrument is made,
/// read by whoever lists all of them (<c>docs/metrics.md</c>).
/// </summary>
/// <param name="Look">What to look at, and what it means.</param>
/// <param name="Tags">Names of the tags, each with few values; never an id of a user, an item or a request.</param>
public sealed record InstrumentNotes(string Look, IReadOnlyList<string> Tags)
{
    private static readonly ConditionalWeakTable<Instrument, InstrumentNotes> Notes = [];

    /// <summary>The notes of an instrument; null when it has none.</summary>
    public static InstrumentNotes? Of(Instrument instrument) => Notes.TryGetValue(instrument, out var notes) ? notes : null;

    internal static void Set(Instrument instrument, InstrumentNotes notes) => Notes.Add(instrument, notes);
}
