namespace RecSys.Core.Models;

/// <summary>Versions that were not loaded at the last attempt, at most 64; of more the oldest is forgotten. Not thread-safe.</summary>
internal sealed class RefusedVersions(TimeProvider time)
{
    private const int Most = 64;

    private readonly List<(ModelRefusal Refusal, DateTimeOffset Since)> entries = [];

    /// <summary>One row for each, the longest known first.</summary>
    public IEnumerable<PooledModel> Rows => entries.Select(entry =>
        new PooledModel(entry.Refusal.Version, PooledState.Refused, 0, 0, 0, entry.Since, entry.Refusal.Reason));

    /// <summary>Remembers a refusal.</summary>
    /// <returns>True when that is news: another cause than the last time, or other files.</returns>
    public bool Add(ModelRefusal refusal)
    {
        var known = entries.FindIndex(entry => entry.Refusal.Version == refusal.Version);
        var old = known < 0 ? default : entries[known];
        var news = known < 0 || old.Refusal.Cause != refusal.Cause || old.Refusal.Fingerprint != refusal.Fingerprint;
        Forget(refusal.Version);
        if (entries.Count == Most) entries.RemoveAt(0);
        entries.Add((refusal, news ? time.GetUtcNow() : old.Since));
        return news;
    }

    /// <summary>Why a version was refused; null when it was not.</summary>
    public ModelRefusal? Find(string version) => entries.Find(entry => entry.Refusal.Version == version).Refusal;

    /// <summary>The version was loaded after all.</summary>
    public void Forget(string version) => entries.RemoveAll(entry => entry.Refusal.Version == version);
}
