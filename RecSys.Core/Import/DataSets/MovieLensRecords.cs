using System.Globalization;
using System.Text;
using System.Text.Unicode;
using RecSys.Core.Domain;
using RecSys.Core.Import.Rows;
using RecSys.Core.Storage;

namespace RecSys.Core.Import.DataSets;

/// <summary>Rows of MovieLens as users and items.</summary>
internal static class MovieLensRecords
{
    private static readonly string[] OldestGenres =
    [
        "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama", "Fantasy", "Film-Noir",
        "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
    ];

    internal static User User(MovieLensLayout layout, string[] fields)
    {
        if (fields.Length != 5) throw new RowException("a user has 5 fields: id, gender, age, occupation, zip code");
        // The oldest release has the age before the gender, and names of occupations for their codes.
        var (gender, age) = layout.IsOldest ? (fields[2], fields[1]) : (fields[1], fields[2]);
        var user = new User
        {
            Id = Number(fields[0], "the user id").ToString(CultureInfo.InvariantCulture),
            Gender = gender is "F" or "M" ? gender : throw new RowException("the gender is neither F nor M"),
            Age = Number(age, "the age"),
            Location = Region(fields[4], layout.IsOldest),
            Attributes = new Dictionary<string, string>
            {
                ["occupation"] = layout.IsOldest ? fields[3] : Number(fields[3], "the occupation").ToString(CultureInfo.InvariantCulture),
            },
        };
        return RecordRules.FindProblem(user) is { } problem ? throw new RowException(problem) : user;
    }

    internal static Item Movie(MovieLensLayout layout, string[] fields)
    {
        var genres = layout.IsOldest ? OldGenres(fields) : Genres(fields, layout.HasHeader);
        var title = fields[1];
        if (title.Length == 0) throw new RowException("the movie has no title");
        var item = new Item
        {
            Id = Number(fields[0], "the movie id").ToString(CultureInfo.InvariantCulture),
            Title = title,
            Category = genres.FirstOrDefault(""),
            Tags = genres.Length > 1 ? genres[1..] : [],
            CreatedAt = Year(title) is { } year ? new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero) : null,
        };
        return RecordRules.FindProblem(item) is { } problem ? throw new RowException(problem) : item;
    }

    /// <summary>
    /// The originals are ISO-8859-1, later releases and converted copies UTF-8. Latin text is hardly ever valid UTF-8 by accident.
    /// </summary>
    internal static string Decode(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);

    private static string[] Genres(string[] fields, bool mayLack)
    {
        if (fields.Length != 3) throw new RowException("a movie has 3 fields: id, title, genres");
        if (mayLack && fields[2] == "(no genres listed)") return [];
        var genres = fields[2].Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return genres.Length > 0 || mayLack ? genres : throw new RowException("the movie has no genre");
    }

    // One column of 0 or 1 for each genre, behind id, title, two dates and an address.
    private static string[] OldGenres(string[] fields)
    {
        const int First = 5;
        if (fields.Length != First + OldestGenres.Length)
            throw new RowException("a movie has 24 fields: id, title, two dates, an address and 19 genres");
        return [.. OldestGenres.Where((_, at) => fields[First + at] == "1" && at > 0)];
    }

    private static string? Region(string zip, bool mayBeForeign)
    {
        if (zip.Length > 0 && char.IsAsciiDigit(zip[0])) return $"zip {zip[0]}";
        return mayBeForeign ? null : throw new RowException("the zip code does not begin with a digit");
    }

    private static int Number(string text, string name) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : throw new RowException($"{name} is not a whole number");

    private static int? Year(string title) =>
        title.TrimEnd() is [.., '(', _, _, _, _, ')'] trimmed
            && int.TryParse(trimmed.AsSpan(trimmed.Length - 5, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            && year >= RecordRules.EarliestCreation.Year ? year : null;
}
