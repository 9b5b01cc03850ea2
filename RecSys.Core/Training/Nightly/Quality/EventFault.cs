namespace RecSys.Core.Training.Nightly.Quality;

/// <summary>Why an event is not learnt from. The first that applies counts, in this order; the names are stored.</summary>
public enum EventFault
{
    /// <summary>Sound.</summary>
    None = 0,

    /// <summary>It claims to have happened more than ten minutes after it was received.</summary>
    FutureTime = 1,

    /// <summary>
    /// Its value cannot be: a negative rating or time, a view longer than <see cref="QualityOptions.MaxViewSeconds"/>, an amount beyond
    /// <see cref="QualityOptions.MaxAmount"/>, a place beyond 10,000.
    /// </summary>
    ValueOutOfRange = 2,

    /// <summary>The same in everything but its id came before.</summary>
    Duplicate = 3,

    /// <summary>Its user is a bot; see <see cref="BotRules"/>.</summary>
    Bot = 4,
}
