namespace RecSys.Core.Features;

/// <summary>
/// How counters go back when an event is taken back. An undo names no event, only a type: it lowers every counter that an event of the type
/// raises, by what such an event adds now, never below zero, and moves no clock.
/// <para>Plain counts are therefore exact as long as the undo has the value, the position and the context (device, location, quarter and
/// hour of the day) of the event it answers. Not exact are: decaying windows, which lose the weight of an event of the undo's time (so that
/// a week-old like takes more from them than it has left there); fading click rates of the latest impressions; expected clicks and long
/// views, judged by the rates of the undo's time; times of the latest and the first event; what was evicted, halved or stood at its limit
/// in between. The sequence of items keeps its entry, see <see cref="Domain.InteractionSequence"/>.</para>
/// </summary>
internal static class TakenBack
{
    /// <summary>What is left of a count.</summary>
    public static float From(float count, float by = 1) => Math.Max(0, count - by);

    /// <summary>What is left of a count in 16 bits.</summary>
    public static ushort From(ushort count) => count == 0 ? (ushort)0 : (ushort)(count - 1);

    /// <summary>A sum of values and their number, one value less; the sum of none is 0.</summary>
    public static (float Sum, float Count) Mean(float sum, float count, float value) => count <= 1 ? (0, 0) : (sum - value, count - 1);
}
