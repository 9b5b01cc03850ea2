namespace RecSys.Core.Events;

/// <summary>
/// A post was not taken into the log; nothing of it is stored, or, of <see cref="LogRefusal.StoreUnavailable"/>, what was stored is found
/// again as a duplicate.
/// </summary>
/// <param name="reason">Why.</param>
/// <param name="message">What is wrong and when to come back; shown to the person as it is.</param>
/// <param name="retryAfter">When it is worth trying again.</param>
/// <param name="inner">What the store said.</param>
public sealed class LogRefusedException(LogRefusal reason, string message, TimeSpan retryAfter, Exception? inner = null)
    : Exception(message, inner)
{
    public LogRefusal Reason { get; } = reason;

    /// <summary>For the header <c>Retry-After</c>, whole seconds.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
