using System.Diagnostics.Metrics;

namespace RecSys.Core.Domain.Metrics;

/// <summary>How an instrument gets its notes.</summary>
public static class InstrumentNoting
{
    /// <summary>Says what to look at, and which tags measurements have.</summary>
    /// <returns>The instrument.</returns>
    public static T Noted<T>(this T instrument, string look, params string[] tags)
        where T : Instrument
    {
        InstrumentNotes.Set(instrument, new InstrumentNotes(look, tags));
        return instrument;
    }
}
