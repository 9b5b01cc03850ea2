using RecSys.Core.Monitoring.Alerts.Keeping;

namespace RecSys.Api.Contracts;

/// <summary>A silence.</summary>
/// <param name="Id">To end it.</param>
/// <param name="Rule">Name of a rule, or <c>*</c> for all.</param>
/// <param name="Until">When it ends.</param>
/// <param name="By">Who wants it, by pseudonym.</param>
/// <param name="Reason">Why.</param>
/// <param name="Note">In the reply to its making where it could not be stored; else null.</param>
public sealed record SilenceBody(string Id, string Rule, DateTimeOffset Until, string By, string Reason, string? Note)
{
    internal static SilenceBody Of(Silence silence, string? note = null) =>
        new(silence.Id, silence.Rule, silence.Until, silence.By, silence.Reason, note);
}
