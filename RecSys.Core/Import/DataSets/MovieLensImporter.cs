using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Import.Files;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Import.Rows;

namespace RecSys.Core.Import.DataSets;

/// <summary>
/// Imports MovieLens (<see href="https://grouplens.org/datasets/movielens/"/>) in each of its published layouts: 100K (<c>u.data</c>), 1M
/// and 10M (<c>ratings.dat</c>), 20M, 25M, 32M and the latest ones (<c>ratings.csv</c>).
/// <list type="bullet">
/// <item>A rating is a <see cref="EventType.Rating"/> that says a wish whatever its value, since somebody who rates a film chose it; one
/// from 70 % of the scale on (4 of 5) is also a <see cref="EventType.Like"/> at the same time. With rules of the options for ratings, they
/// mean what these say.</item>
/// <item>A movie keeps its title; the year in it, as in <c>Toy Story (1995)</c>, gives the time of creation; the first genre is the
/// category, the others are tags.</item>
/// <item>A user, where the data set describes them, keeps gender, age and occupation (attribute <c>occupation</c>); the first digit of the
/// zip code, a region of the USA, is the location.</item>
/// </list>
/// Event ids derive from time, user and movie, so that a second import adds nothing.
/// </summary>
public sealed class MovieLensImporter(ImportTarget target, ImportOptions options)
{
    private const double LikeFrom = 4;
    private const int ReportEvery = 50_000;

    private readonly ImportOptions options = MeaningFile.Complete(options);

    /// <exception cref="RecSysException">A file is missing, empty or has too many malformed rows; nothing was imported.</exception>
    public async Task<ImportReport> ImportAsync(string directory, IProgress<WorkProgress>? progress = null, CancellationToken ct = default)
    {
        var layout = MovieLensLayout.Find(directory);
        using var ledger = new ImportLedger("movielens", options);
        using var staging = new ImportStaging(target, options);
        var users = layout.Users is { } file
            ? Read(layout, file, ledger, MovieLensRecords.User, staging.Add, user => user.Id, ct) : null;
        var movies = Read(layout, layout.Movies, ledger, MovieLensRecords.Movie, staging.Add, movie => movie.Id, ct);
        ReadRatings(layout, ledger, users, movies, staging, progress, ct);
        await staging.StoreAsync(progress, ct);
        var report = await staging.ReportAsync(ledger, ct);
        return report with { Notes = [.. report.Notes, Note(layout)] };
    }

    private static HashSet<string> Read<T>(
        MovieLensLayout layout, string path, ImportLedger ledger, Func<MovieLensLayout, string[], T> parse, Action<T> add,
        Func<T, string> idOf, CancellationToken ct)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        using var lines = new LineReader(path);
        ledger.StartFile(path);
        while (lines.TryRead(out var bytes))
        {
            ct.ThrowIfCancellationRequested();
            if (bytes.IsEmpty || (layout.HasHeader && lines.Line == 1)) continue;
            var row = MovieLensRecords.Decode(bytes);
            try
            {
                var record = parse(layout, layout.Split(row));
                if (!ids.Add(idOf(record))) throw new RowException("the id occurs twice");
                ledger.Keep();
                add(record);
            }
            catch (RowException bad)
            {
                ledger.Reject(lines.Line, bad.Message, row);
            }
        }
        ledger.FinishFile();
        return ids;
    }

    private void ReadRatings(
        MovieLensLayout layout, ImportLedger ledger, HashSet<string>? users, HashSet<string> movies, ImportStaging staging,
        IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        using var lines = new LineReader(layout.Ratings);
        ledger.StartFile(layout.Ratings);
        // Where nothing describes the users, each id is kept once.
        var met = users ?? new HashSet<string>(StringComparer.Ordinal);
        progress?.Report(new WorkProgress("read ratings", 0, lines.Length, "bytes"));
        while (lines.TryRead(out var bytes))
        {
            if (lines.Line % ReportEvery == 0)
            {
                ct.ThrowIfCancellationRequested();
                progress?.Report(new WorkProgress("read ratings", lines.Position, lines.Length, "bytes"));
            }
            if (bytes.IsEmpty || (layout.HasHeader && lines.Line == 1)) continue;
            var row = MovieLensRecords.Decode(bytes);
            if (Add(layout, row, met, mayMeetUsers: users is null, movies, staging) is { } problem) ledger.Reject(lines.Line, problem, row);
            else ledger.Keep();
        }
        ledger.FinishFile();
        progress?.Report(new WorkProgress("read ratings", lines.Length ?? lines.Position, lines.Length, "bytes"));
    }

    // What is wrong with the row, or null.
    private string? Add(
        MovieLensLayout layout, string row, HashSet<string> users, bool mayMeetUsers, HashSet<string> movies, ImportStaging staging)
    {
        Span<Range> ranges = stackalloc Range[5];
        var text = row.AsSpan();
        if (text.Split(ranges, layout.Separator) != 4) return "a rating has 4 fields: user, movie, rating, time";
        if (!users.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[ranges[0]], out var user))
        {
            if (!mayMeetUsers) return $"the user is not in {Path.GetFileName(layout.Users)}";
            if (!int.TryParse(text[ranges[0]], NumberStyles.None, CultureInfo.InvariantCulture,
                out _)) return "the user id is not a whole number";
            user = text[ranges[0]].ToString();
            users.Add(user);
        }
        if (!movies.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[ranges[1]], out var movie))
            return $"the movie is not in {Path.GetFileName(layout.Movies)}";
        if (!double.TryParse(text[ranges[2]], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            || value is < 0.5 or > 5 || value * 2 != Math.Floor(value * 2))
            return "the rating is none from 0.5 to 5 in steps of a half";
        if (!long.TryParse(text[ranges[3]], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > int.MaxValue)
            return "the time is not a number of seconds since 1970";
        var rating = new Event
        {
            // Of the name that it had when ratings were stored as views: a folder of then gets nothing twice.
            Id = $"ml-{seconds}-{user}-{movie}-view",
            UserId = user,
            ItemId = movie,
            Type = EventType.Rating,
            Time = DateTimeOffset.FromUnixTimeSeconds(seconds),
            Value = value,
            Meaning = MeaningOf(value),
        };
        if (EventRules.FindProblem(rating, options.Clock) is { } late) return late;
        staging.Observe(value);
        staging.Add(rating);
        if (value >= LikeFrom && !HasRules)
            staging.Add(rating with { Id = $"ml-{seconds}-{user}-{movie}-like", Type = EventType.Like, Value = null, Meaning = null });
        return null;
    }

    // Always stated: by its scale alone a low rating would count against.
    private EventMeaning MeaningOf(double rating)
    {
        if (!HasRules) return EventMeaning.Positive;
        if (options.Positive.Any(rule => rule.Applies(EventType.Rating, rating))) return EventMeaning.Positive;
        return options.Negative.Any(rule => rule.Applies(EventType.Rating, rating)) ? EventMeaning.Negative : EventMeaning.Neutral;
    }

    private bool HasRules => options.Positive.Concat(options.Negative).Any(rule => rule.Type == EventType.Rating);

    private string Note(MovieLensLayout layout) => HasRules
        ? $"{layout.Name}: ratings mean what the rules say"
        : $"{layout.Name}: every rating counts as a film chosen, one of 4 and more as a like, too; have low ones count against with "
            + $"--positive \"rating>=4\" --negative \"rating<=2\"";
}
