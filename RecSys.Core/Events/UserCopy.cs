using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Core.Events;

/// <summary>One user as a request sees it: taken once, then read without a lock. Reused from request to request.</summary>
public sealed class UserCopy
{
    /// <summary>False for a user of whom nothing is known; everything else is then empty.</summary>
    public bool IsKnown { get; internal set; }

    /// <summary>Stored profile; null when there is none.</summary>
    public User? Profile { get; internal set; }

    /// <summary>Feature state at <see cref="Position"/>.</summary>
    public UserState State { get; } = new();

    /// <summary>What the user consumed, was shown and rejected.</summary>
    public SeenRecord Seen { get; } = new();

    /// <summary>The user's entries up to here are in it.</summary>
    public long Position { get; internal set; }

    /// <summary>Becomes equal to another copy.</summary>
    public void CopyFrom(UserCopy other)
    {
        (IsKnown, Profile, Position) = (other.IsKnown, other.Profile, other.Position);
        State.CopyFrom(other.State);
        Seen.CopyFrom(other.Seen);
    }

    /// <summary>Takes over a user; under its lock.</summary>
    /// <returns>False for one who was erased; the copy is then empty.</returns>
    internal bool Take(LiveUser user)
    {
        if (user.Erased)
        {
            Clear();
            return false;
        }
        (IsKnown, Profile, Position) = (true, user.Profile, user.Position);
        State.CopyFrom(user.State);
        Seen.CopyFrom(user.Seen);
        return true;
    }

    /// <summary>Makes it the copy of nobody.</summary>
    public void Clear()
    {
        (IsKnown, Profile, Position) = (false, null, 0);
        State.Clear();
        Seen.Clear();
    }
}
