using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;
using RecSys.Core.Import.Rows;

namespace RecSys.Core.Import.Meaning;

/// <summary>
/// What events that come over HTTP mean: the same as those that are imported into the data folder. Rules are those of <c>import.json</c>,
/// behind it those that the last import was given; ratings of which none speaks go by the scale that imports found, and where there is none
/// by one to five stars, or the narrowest usual scale that holds these and the rating. A change of the files counts from the next event on.
/// </summary>
/// <param name="dataFolder">The folder.</param>
/// <param name="logger">Told of a file that cannot be used; what it said before stays in force.</param>
public sealed class FolderMeaning(string dataFolder, ILogger<FolderMeaning> logger)
{
    private readonly Lock reading = new();
    private volatile Known known = Known.Read(dataFolder);

    /// <summary>The event with its meaning stated where that is not what its type says. A stated meaning stays.</summary>
    public Event Judge(Event e) => Current().RulesFor(e.Value).Judge(EventRules.TakingBack(e));

    private Known Current()
    {
        var (now, stamp) = (known, Known.StampOf(dataFolder));
        if (now.Stamp == stamp) return now;
        lock (reading)
        {
            if (known.Stamp == stamp) return known;
            try
            {
                known = Known.Read(dataFolder);
            }
            catch (RecSysException failure)
            {
                logger.MeaningNotRead(failure.Message);
                known = known with { Stamp = stamp };
            }
            return known;
        }
    }

    private sealed record Known((DateTime People, DateTime Given, DateTime Scale) Stamp, ImportOptions Options, RatingScale? Scale)
    {
        private readonly MeaningRules rules = new(Options.Positive, Options.Negative, Scale ?? RatingScale.Stars);

        public static Known Read(string folder) =>
            new(StampOf(folder), MeaningFile.Complete(new ImportOptions(folder)), MeaningFile.ReadScale(folder));

        // Files that are missing have a time, too.
        public static (DateTime People, DateTime Given, DateTime Scale) StampOf(string folder) => (
            File.GetLastWriteTimeUtc(MeaningFile.PathOf(folder)), File.GetLastWriteTimeUtc(MeaningFile.GivenPathOf(folder)),
            File.GetLastWriteTimeUtc(MeaningFile.ScalePathOf(folder)));

        public MeaningRules RulesFor(double? value) => Scale is null && value is < 1 or > 5
            ? new MeaningRules(Options.Positive, Options.Negative,
                RatingScale.Of(Math.Min(RatingScale.Stars.Low, value.Value), Math.Max(RatingScale.Stars.High, value.Value)))
            : rules;
    }
}
