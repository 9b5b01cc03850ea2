namespace RecSys.Core.Events;

/// <summary>Lets one report per cause and interval through and counts the others. Remembers up to 64 causes; further ones share a place. Thread-safe.</summary>
internal sealed class CauseLimit(TimeProvider time, TimeSpan interval)
{
    private const int MaxCauses = 64;

    private readonly Dictionary<string, (long At, long Held)> causes = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>True when the cause may be reported now.</summary>
    /// <param name="cause">What went wrong, the same text for the same cause.</param>
    /// <param name="held">How many reports of it were held back since the last one.</param>
    public bool Allows(string cause, out long held)
    {
        lock (gate)
        {
            if (causes.Count >= MaxCauses && !causes.ContainsKey(cause)) cause = "";
            var now = time.GetTimestamp();
            if (causes.TryGetValue(cause, out var last) && time.GetElapsedTime(last.At, now) < interval)
            {
                held = last.Held + 1;
                causes[cause] = (last.At, held);
                return false;
            }
            held = last.Held;
            causes[cause] = (now, 0);
            return true;
        }
    }

    /// <summary>Forgets a cause that is over.</summary>
    /// <returns>How many reports of it were held back; null when it had not been reported.</returns>
    public long? Over(string cause)
    {
        lock (gate) return causes.Remove(cause, out var last) ? last.Held : null;
    }
}
