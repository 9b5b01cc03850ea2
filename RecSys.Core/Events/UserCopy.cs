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

    /// <summary>Makes it the copy of nobody.</summary>
    public void Clear()
    {
        (IsKnown, Profile, Position) = (false, null, 0);
        State.Clear();
        Seen.Clear();
    }
}
