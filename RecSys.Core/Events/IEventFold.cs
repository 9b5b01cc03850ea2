using RecSys.Core.Domain;

namespace RecSys.Core.Events;

/// <summary>
/// Something that grows with the log beside the feature state, such as counts behind a candidate source. It is given every event on a known
/// item in the order of the log, by one thread at a time, and must be a function of that alone: what it holds after a restart equals what
/// it held before. Readers run beside it.
/// </summary>
public interface IEventFold
{
    /// <summary>Name of its part of a snapshot.</summary>
    string Name { get; }

    /// <summary>Version of its stored form; another one is refused and the log folded anew.</summary>
    int FormatVersion { get; }

    /// <summary>Takes in one event of the user.</summary>
    void Apply(in FoldUser user, in LogEvent e);

    /// <summary>What is kept of one user is another's from now on.</summary>
    void Merge(in FoldUser from, in FoldUser into)
    {
    }

    /// <summary>Forgets who did what; counts without a subject stay.</summary>
    void Erase(in FoldUser user)
    {
    }

    /// <summary>The present state, to be written while the fold goes on. One at a time.</summary>
    IFrozenPart Freeze();

    /// <summary>Takes over what a frozen part of the same version wrote, in place of everything.</summary>
    /// <exception cref="RecSysException">It cannot be read.</exception>
    void Restore(Stream from);
}

/// <summary>Whose event is folded.</summary>
/// <param name="Key">Stands for the user in this and every other process; 0 for nobody, such as an erased user.</param>
/// <param name="Profile">The stored profile; null when there is none.</param>
public readonly record struct FoldUser(ulong Key, User? Profile);
