namespace RecSys.Tests.Fixtures;

/// <summary>What work costs the collector, measured on the calling thread.</summary>
internal static class Allocations
{
    private const int Rounds = 10;

    /// <summary>
    /// Bytes of the cheapest of some rounds. The collector trims the shared pools when memory is short, after which the next rent allocates
    /// once: work that allocates by itself does so in every round.
    /// </summary>
    /// <param name="times">Runs per round.</param>
    /// <param name="work">Run as often once before, so that it is warm.</param>
    public static long OfWarm(int times, Action work)
    {
        for (var i = 0; i < times; i++) work();
        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < times; i++) work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
