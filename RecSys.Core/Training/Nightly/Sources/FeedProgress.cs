using RecSys.Core.Domain;

namespace RecSys.Core.Training.Nightly.Sources;

/// <summary>Tells now and then how many entries of a feed were given.</summary>
internal readonly struct FeedProgress(string phase, long after, long last, IProgress<WorkProgress>? progress)
{
    private const int Every = 0x1FFFF;

    public void Reached(long position)
    {
        if ((position & Every) == 0 || position == last)
            progress?.Report(new WorkProgress(phase, position - after, last - after, "entries"));
    }
}
