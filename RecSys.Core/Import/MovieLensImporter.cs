using System.Diagnostics;
using System.Globalization;
using System.Text;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Import;

/// <summary>
/// Imports MovieLens-1M (<see href="https://grouplens.org/datasets/movielens/1m/"/>): <c>users.dat</c>, <c>movies.dat</c> and
/// <c>ratings.dat</c>, fields separated by <c>::</c>, in ISO-8859-1 or UTF-8.
/// <list type="bullet">
/// <item>A rating is a <see cref="EventType.View"/> with the rating as value; a rating of 4 or more also a <see cref="EventType.Like"/> at
/// the same time.</item>
/// <item>A movie keeps its title; the year in it, as in <c>Toy Story (1995)</c>, gives the time of creation; the first genre is the
/// category, the others are tags.</item>
/// <item>A user keeps gender, age code and occupation code (attribute <c>occupation</c>); the first digit of the zip code, a region of the
/// USA, is the location.</item>
/// </list>
/// Event ids derive from time, user and movie, so that a second import adds nothing.
/// </summary>
public sealed class MovieLensImporter(IEventImport log, ImportPace pace, ImportOptions options)
{
    private const int LikeFrom = 4;
    private const int ReportEvery = 50_000;

    /// <exception cref="RecSysException">A file is missing, empty or has too many malformed rows; nothing was imported.</exception>
    public async Task<ImportReport> ImportAsync(string directory, IProgress<WorkProgress>? progress = null, CancellationToken ct = default)
    {
        ImportFiles.Require(directory, "MovieLens-1M", "users.dat", "movies.dat", "ratings.dat");
        var started = Stopwatch.GetTimestamp();
        using var ledger = new ImportLedger("movielens", options);
        using var staging = new ImportStaging(log, pace, options);

        var users = Read(directory, "users.dat", ledger, ParseUser, staging.Add, user => user.Id, ct);
        var movies = Read(directory, "movies.dat", ledger, ParseMovie, staging.Add, movie => movie.Id, ct);
        ReadRatings(Path.Combine(directory, "ratings.dat"), ledger, users, movies, staging, progress, ct);
        await staging.StoreAsync(progress, ct);
        return staging.Report(ledger, Stopwatch.GetElapsedTime(started));
    }

    private static HashSet<string> Read<T>(
        string directory, string file, ImportLedger ledger, Func<string[], T> parse, Action<T> add, Func<T, string> idOf,
        CancellationToken ct)
    {
        var path = Path.Combine(directory, file);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        using var lines = new LineReader(path);
        ledger.StartFile(path);
        while (lines.TryRead(out var bytes))
        {
            ct.ThrowIfCancellationRequested();
            if (bytes.IsEmpty) continue;
            var row = Decode(bytes);
            try
            {
                var record = parse(row.Split("::"));
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

    private static User ParseUser(string[] fields)
    {
        if (fields is not [var id, var gender, var age, var occupation, var zip])
            throw new RowException("a user has 5 fields: id, gender, age, occupation, zip code");
        var user = new User
        {
            Id = Number(id, "the user id").ToString(CultureInfo.InvariantCulture),
            Gender = gender is "F" or "M" ? gender : throw new RowException("the gender is neither F nor M"),
            Age = Number(age, "the age"),
            Location = zip.Length > 0 && char.IsAsciiDigit(zip[0])
                ? $"zip {zip[0]}" : throw new RowException("the zip code does not begin with a digit"),
            Attributes = new Dictionary<string, string> { ["occupation"] = Number(occupation, "the occupation")
                .ToString(CultureInfo.InvariantCulture) },
        };
        return RecordRules.FindProblem(user) is { } problem ? throw new RowException(problem) : user;
    }

    private static Item ParseMovie(string[] fields)
    {
        if (fields is not [var id, var title, var genreList]) throw new RowException("a movie has 3 fields: id, title, genres");
        var genres = genreList.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (genres.Length == 0) throw new RowException("the movie has no genre");
        if (title.Length == 0) throw new RowException("the movie has no title");
        var item = new Item
        {
            Id = Number(id, "the movie id").ToString(CultureInfo.InvariantCulture),
            Title = title,
            Category = genres[0],
            Tags = genres[1..],
            CreatedAt = Year(title) is { } year ? new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero) : null,
        };
        return RecordRules.FindProblem(item) is { } problem ? throw new RowException(problem) : item;
    }

    private static void ReadRatings(
        string path, ImportLedger ledger,
        HashSet<string> users, HashSet<string> movies, ImportStaging staging, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var userIds = users.GetAlternateLookup<ReadOnlySpan<char>>();
        var movieIds = movies.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<Range> ranges = stackalloc Range[5];
        using var lines = new LineReader(path);
        ledger.StartFile(path);
        progress?.Report(new WorkProgress("read ratings", 0, lines.Length, "bytes"));
        while (lines.TryRead(out var bytes))
        {
            if (lines.Line % ReportEvery == 0)
            {
                ct.ThrowIfCancellationRequested();
                progress?.Report(new WorkProgress("read ratings", lines.Position, lines.Length, "bytes"));
            }
            if (bytes.IsEmpty) continue;
            var row = Decode(bytes);
            var text = row.AsSpan();
            var fields = text.Split(ranges, "::");
            string? problem = null;
            if (fields != 4) problem = "a rating has 4 fields: user, movie, rating, time";
            else if (!userIds.TryGetValue(text[ranges[0]], out _)) problem = "the user is not in users.dat";
            else if (!movieIds.TryGetValue(text[ranges[1]], out _)) problem = "the movie is not in movies.dat";
            else if (!int.TryParse(text[ranges[2]], NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value is < 1 or > 5)
                problem = "the rating is not a whole number from 1 to 5";
            else if (!int.TryParse(text[ranges[3]], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                problem = "the time is not a number of seconds since 1970";
            else
            {
                userIds.TryGetValue(text[ranges[0]], out var user);
                movieIds.TryGetValue(text[ranges[1]], out var movie);
                Add(seconds, user!, movie!, value, staging);
            }

            if (problem is null) ledger.Keep();
            else ledger.Reject(lines.Line, problem, row);
        }
        ledger.FinishFile();
        progress?.Report(new WorkProgress("read ratings", lines.Length ?? lines.Position, lines.Length, "bytes"));
    }

    private static void Add(int seconds, string user, string movie, int value, ImportStaging staging)
    {
        var view = new Event
        {
            Id = $"ml-{seconds}-{user}-{movie}-view",
            UserId = user,
            ItemId = movie,
            Type = EventType.View,
            Time = DateTimeOffset.FromUnixTimeSeconds(seconds),
            Value = value,
        };
        staging.Add(view);
        if (value >= LikeFrom) staging.Add(view with { Id = $"ml-{seconds}-{user}-{movie}-like", Type = EventType.Like, Value = null });
    }

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        // The original is ISO-8859-1; copies that were converted are UTF-8. Latin text is hardly ever valid UTF-8 by accident.
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
    }

    private static int Number(string text, string name) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : throw new RowException($"{name} is not a whole number");

    private static int? Year(string title) =>
        title is [.., '(', _, _, _, _, ')']
            && int.TryParse(title.AsSpan(title.Length - 5, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            && year >= RecordRules.EarliestCreation.Year ? year : null;
}
