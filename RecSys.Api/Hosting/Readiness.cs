namespace RecSys.Api.Hosting;

/// <summary>Whether this server wants traffic: yes from its first answer until it is told to stop.</summary>
internal sealed class Readiness
{
    private volatile bool stopping;

    public bool IsStopping => stopping;

    /// <summary>From now on readiness fails and every reply asks its client to come back on another connection.</summary>
    public void Stop() => stopping = true;
}
