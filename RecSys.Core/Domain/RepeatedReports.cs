namespace RecSys.Core.Domain;

/// <summary>
/// Keeps a cause that repeats from flooding the log: one report per cause and interval, which says how many came in between. What came
/// after the last report is told by the next one. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="interval">Time between two reports of one cause.</param>
/// <param name="maxCauses">Most causes told apart; further ones share one place.</param>
public sealed class RepeatedReports(TimeProvider time, TimeSpan interval, int maxCauses = 64)
{
    /// <summary>The interval for causes that repeat with the requests: one minute.</summary>
    public static readonly TimeSpan EveryMinute = TimeSpan.FromMinutes(1);

    private const string Others = "";

    private readonly Lock gate = new();
    private readonly Dictionary<string, Cause> causes = new(StringComparer.Ordinal);

    /// <summary>Counts an occurrence.</summary>
    /// <param name="cause">What makes occurrences the same, such as the type of the exception; never a request's own values.</param>
    /// <param name="amount">How much happened, such as the number of lost entries.</param>
    /// <param name="total">With true: the amounts since the last report, this one included.</param>
    /// <returns>True when it is time to write a line.</returns>
    public bool IsDue(string cause, long amount, out long total)
    {
        lock (gate)
        {
            if (!causes.TryGetValue(cause, out var known))
            {
                if (causes.Count >= maxCauses) cause = Others;
                if (!causes.TryGetValue(cause, out known)) causes[cause] = known = new Cause();
            }
            known.Waiting += amount;
            total = known.Waiting;
            if (known.Reported is { } last && time.GetElapsedTime(last) < interval) return false;
            (known.Reported, known.Open) = (time.GetTimestamp(), true);
            known.Waiting = 0;
            return true;
        }
    }

    /// <summary>As <see cref="IsDue(string, long, out long)"/>; the type of the exception and where it comes from are the cause.</summary>
    public bool IsDue(Exception failure, long amount, out long total) =>
        IsDue($"{failure.GetType().Name} in {failure.TargetSite?.DeclaringType?.Name}", amount, out total);

    /// <summary>As <see cref="IsDue(Exception, long, out long)"/> for one occurrence.</summary>
    public bool IsDue(Exception failure, out long total) => IsDue(failure, 1, out total);

    /// <summary>
    /// Says that a cause is over. It may be reported again when its interval has passed, so that one that comes and goes does not flood the
    /// log either.
    /// </summary>
    /// <returns>True when it had been reported since it was over last.</returns>
    public bool Over(string cause)
    {
        lock (gate)
        {
            if (!causes.TryGetValue(cause, out var known) || !known.Open) return false;
            known.Open = false;
            return true;
        }
    }

    /// <summary>
    /// All causes are over, and each is news at once when it comes again. For what is looked at now and then, where coming and going cannot
    /// flood the log.
    /// </summary>
    public void Clear()
    {
        lock (gate) causes.Clear();
    }

    private sealed class Cause
    {
        public long? Reported { get; set; }
        public long Waiting { get; set; }
        public bool Open { get; set; }
    }
}
