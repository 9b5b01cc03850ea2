namespace RecSys.Core.Events;

/// <summary>The whole folded state at one position, to be written while the fold goes on. Disposing of it ends what that costs.</summary>
internal sealed class FrozenState(long epoch, long position, DateTimeOffset received, IReadOnlyList<IFrozenPart> parts, FrozenUsers users)
    : IDisposable
{
    public long Epoch => epoch;
    public long Position => position;

    /// <summary>When the store took the entry at the position.</summary>
    public DateTimeOffset Received => received;

    /// <summary>Everything but the users.</summary>
    public IReadOnlyList<IFrozenPart> Parts => parts;
    public FrozenUsers Users => users;

    public void Dispose()
    {
        foreach (var part in parts) part.Dispose();
        users.Dispose();
    }
}
