using System.Globalization;
using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;
using RecSys.Core.Import.Rows;

namespace RecSys.Core.Import.Meaning;

/// <summary>
/// What events that come over HTTP mean: the same as those that are imported into the data folder. Rules are those of <c>import.json</c>,
/// behind it those that the last import was given; ratings of which none speaks go by the scale that imports found. Where there is none
/// they are one to five stars, until a rating beyond them tells of another usual scale, which is kept from then on. A change of the files
/// counts from the next millisecond on.
/// </summary>
/// <param name="dataFolder">The folder.</param>
/// <param name="logger">Told of a file that cannot be used; what it said before stays in force.</param>
public sealed class FolderMeaning(string dataFolder, ILogger<FolderMeaning> logger)
{
    private readonly Lock reading = new();
    private volatile Known known = Known.Read(dataFolder);
    private long lookedAt;

    /// <summary>
    /// What is to be said of an event whose rating lies off the scale that imports found, which a post does not widen: it counts as the
    /// nearest end, as the few such of an import do. Null for any other event, and where rules say what ratings mean.
    /// </summary>
    public string? Remark(Event e)
    {
        var now = Current();
        if (e is not { Type: EventType.Rating, Meaning: null, Value: { } rating } || now.Imported is not { } scale || scale.Holds(rating)
            || now.RatingsAreRuled)
            return null;
        if (!now.ToldOffScale)
        {
            now.ToldOffScale = true;
            logger.RatingOffScale(scale.ToString());
        }
        return string.Create(CultureInfo.InvariantCulture,
            $"the value lies off the scale {scale} of this folder's ratings and counts as {Math.Clamp(rating, scale.Low, scale.High)}");
    }

    /// <summary>
    /// What a word for a type stands for that is none of the types themselves, by the map of the folder; null where it is unknown.
    /// </summary>
    public MappedType? TypeOf(string word) => Current().Options.Types.TryGetValue(word, out var type) ? type : null;

    /// <summary>The event with its meaning stated where that is not what its type says. A stated meaning stays.</summary>
    public Event Judge(Event e)
    {
        var now = Current();
        if (e is { Type: EventType.Rating, Meaning: null, Value: { } rating } && now.IsNews(rating)) now = Widen(rating);
        return now.Rules.Judge(EventRules.TakingBack(e));
    }

    private Known Widen(double rating)
    {
        lock (reading)
        {
            if (!known.IsNews(rating)) return known;
            var scale = RatingScale.Of(Math.Min(known.InForce.Low, rating), Math.Max(known.InForce.High, rating));
            try
            {
                MeaningFile.WriteScale(MeaningFile.PostedPathOf(dataFolder), scale);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // In force until the next start all the same.
                logger.MeaningNotRead(failure.Message);
            }
            return known = new Known(known.Stamp, known.Options, known.Imported, scale);
        }
    }

    private Known Current()
    {
        // Files are looked at once in a millisecond at most: a bulk load has hundreds of events in one.
        var tick = Environment.TickCount64;
        if (Interlocked.Exchange(ref lookedAt, tick) == tick) return known;
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
                known = new Known(stamp, now.Options, now.Imported, now.Posted);
            }
            return known;
        }
    }

    private sealed class Known(
        (DateTime People, DateTime Given, DateTime Scale) stamp, ImportOptions options, RatingScale? imported, RatingScale? posted)
    {
        public (DateTime People, DateTime Given, DateTime Scale) Stamp => stamp;

        public ImportOptions Options => options;

        /// <summary>The scale that imports found; null for none.</summary>
        public RatingScale? Imported => imported;

        public RatingScale? Posted => posted;

        public bool RatingsAreRuled { get; } = options.Positive.Any(rule => rule.Type == EventType.Rating)
            && options.Negative.Any(rule => rule.Type == EventType.Rating);

        /// <summary>Once is enough for the log, until a file changes.</summary>
        public bool ToldOffScale { get; set; }

        public RatingScale InForce { get; } = imported ?? posted ?? RatingScale.Stars;

        public MeaningRules Rules { get; } = new(options.Positive, options.Negative, imported ?? posted ?? RatingScale.Stars);

        /// <summary>True for a rating that the scale does not hold and that may tell of another.</summary>
        public bool IsNews(double rating) =>
            imported is null && !InForce.Holds(rating) && Math.Abs(rating) <= RatingScale.Most;

        public static Known Read(string folder) => new(
            StampOf(folder), MeaningFile.Complete(new ImportOptions(folder)), MeaningFile.ReadScale(MeaningFile.ScalePathOf(folder)),
            MeaningFile.ReadScale(MeaningFile.PostedPathOf(folder)));

        // Files that are missing have a time, too.
        public static (DateTime People, DateTime Given, DateTime Scale) StampOf(string folder) => (
            File.GetLastWriteTimeUtc(MeaningFile.PathOf(folder)), File.GetLastWriteTimeUtc(MeaningFile.GivenPathOf(folder)),
            File.GetLastWriteTimeUtc(MeaningFile.ScalePathOf(folder)));
    }
}
