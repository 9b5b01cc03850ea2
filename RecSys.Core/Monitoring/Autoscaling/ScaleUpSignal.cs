namespace RecSys.Core.Monitoring.Autoscaling;

/// <summary>A red alert's request for servers: it holds for <see cref="Holds"/>, or until it was followed. Thread-safe.</summary>
public sealed class ScaleUpSignal(TimeProvider time)
{
    /// <summary>How long a request holds.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private (DateTimeOffset At, string Reason)? raised;

    /// <summary>Why servers are asked for; null while nobody does.</summary>
    public string? Reason
    {
        get
        {
            lock (gate) return raised is { } request && time.GetUtcNow() - request.At < Holds ? request.Reason : null;
        }
    }

    /// <summary>Asks for servers.</summary>
    public void Raise(string reason)
    {
        lock (gate) raised = (time.GetUtcNow(), reason);
    }

    /// <summary>It was followed.</summary>
    public void Clear()
    {
        lock (gate) raised = null;
    }
}
