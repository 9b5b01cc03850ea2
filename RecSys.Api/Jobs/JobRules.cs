namespace RecSys.Api.Jobs;

/// <summary>What a kind of jobs is bounded by and says.</summary>
/// <param name="Prefix">What ids begin with.</param>
/// <param name="MaxWaiting">Jobs that may be arriving or wait for their turn.</param>
/// <param name="KeptJobs">Jobs that have ended and can still be looked at; the oldest are forgotten with their files.</param>
/// <param name="CancelledEarly">Said of one that was cancelled before it began.</param>
/// <param name="Interrupted">Said of one that the server left open when it stopped.</param>
/// <param name="KeptFor">How long they can be looked at; null: without end.</param>
internal sealed record JobRules(
    string Prefix, int MaxWaiting, int KeptJobs, string CancelledEarly, string Interrupted, TimeSpan? KeptFor = null);
