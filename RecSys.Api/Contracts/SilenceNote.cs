namespace RecSys.Api.Contracts;

/// <summary>Reply to a change of silences that is in force and could not be stored yet.</summary>
/// <param name="Note">What that means, in a sentence.</param>
public sealed record SilenceNote(string Note)
{
    /// <summary>Of a change that a restart would forget.</summary>
    internal const string NotStored = "In force, but not stored: monitoring/alerts.json cannot be written; the log says why. It is written "
        + "as soon as it can be, and a restart before that forgets it.";
}
