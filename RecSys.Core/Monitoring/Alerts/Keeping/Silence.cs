namespace RecSys.Core.Monitoring.Alerts.Keeping;

/// <summary>Somebody has taken it in hand: until then a rule sends nothing new and nothing acts by itself. Its light stays as it is, and
/// what was sent before is still resolved.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Rule">Of which rule, or <see cref="EveryRule"/>.</param>
/// <param name="Until">When it ends.</param>
/// <param name="By">Who wants it, by pseudonym.</param>
/// <param name="Reason">Why.</param>
public sealed record Silence(string Id, string Rule, DateTimeOffset Until, string By, string Reason)
{
    /// <summary>Stands for all rules.</summary>
    public const string EveryRule = "*";

    /// <summary>The longest silence.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>True when it holds for a rule now.</summary>
    public bool Covers(string rule, DateTimeOffset now) => now < Until && (Rule == EveryRule || Rule == rule);
}
