namespace RecSys.Core.Features;

/// <summary>
/// One writer, any number of readers that copy: the number beside the data is odd while the writer is at work, and a copy counts when the
/// number was the same even one before and after. The writer never waits; a reader waits for no longer than one event takes.
/// </summary>
internal static class SequenceLock
{
    /// <summary>Nothing between this and <see cref="Exit"/> may throw: readers would wait for ever.</summary>
    public static void Enter(ref uint sequence)
    {
        Volatile.Write(ref sequence, sequence + 1);
        Volatile.WriteBarrier();
    }

    public static void Exit(ref uint sequence) => Volatile.Write(ref sequence, sequence + 1);

    /// <summary>Copies the cell as it was between two events.</summary>
    /// <param name="cell">The data, with <paramref name="sequence"/> in it.</param>
    /// <param name="sequence">The number that the writer moves.</param>
    /// <param name="copy">Gets the copy.</param>
    /// <returns>False when the writer was at work: try again.</returns>
    public static bool TryCopy<T>(ref readonly T cell, ref readonly uint sequence, out T copy) where T : struct
    {
        var before = Volatile.Read(in sequence);
        copy = cell;
        Volatile.ReadBarrier();
        return (before & 1) == 0 && before == Volatile.Read(in sequence);
    }
}
