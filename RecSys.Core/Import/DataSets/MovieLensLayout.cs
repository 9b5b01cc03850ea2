using System.Text;
using RecSys.Core.Domain;
using RecSys.Core.Import.Files;
using RecSys.Core.Import.Rows;

namespace RecSys.Core.Import.DataSets;

/// <summary>Where and how a release of MovieLens holds its parts.</summary>
/// <param name="Name">As a person calls it.</param>
/// <param name="Users">File of the users; null where the release describes none.</param>
/// <param name="Movies">File of the movies.</param>
/// <param name="Ratings">File of the ratings.</param>
/// <param name="Separator">Of the ratings' fields.</param>
/// <param name="HasHeader">True where the first line names the columns.</param>
internal sealed record MovieLensLayout(string Name, string? Users, string Movies, string Ratings, string Separator, bool HasHeader)
{
    private const string DataSet = "MovieLens";

    /// <summary>True for the layout of 100K, whose movies and users have bars between their fields.</summary>
    internal bool IsOldest => Separator == "\t";

    /// <exception cref="RecSysException">The directory holds no release.</exception>
    internal static MovieLensLayout Find(string directory)
    {
        ImportFiles.RequireDirectory(directory, DataSet);
        if (At("ratings.csv") is { } csv)
            return new MovieLensLayout("MovieLens with ratings.csv", null, Required("movies.csv"), csv, ",", HasHeader: true);
        if (At("u.data") is { } data)
            return new MovieLensLayout("MovieLens 100K", Required("u.user"), Required("u.item"), data, "\t", HasHeader: false);
        // 10M has tags and no users, 1M the other way round; an empty folder is told what the best known release holds.
        if (At("tags.dat") is null) ImportFiles.Require(directory, "MovieLens-1M", "users.dat", "movies.dat", "ratings.dat");
        return new MovieLensLayout(
            "MovieLens with ratings.dat", At("users.dat"), Required("movies.dat"), Required("ratings.dat"), "::", HasHeader: false);

        string? At(string file) => ImportFiles.Matching(directory, file).FirstOrDefault();

        string Required(string file) => At(file) ?? throw new RecSysException($"There is no {file} in {directory}.");
    }

    /// <summary>The fields of a user or movie.</summary>
    /// <exception cref="RowException">A quote is not closed.</exception>
    internal string[] Split(string row)
    {
        if (IsOldest) return row.Split('|');
        return HasHeader ? SplitQuoted(row) : row.Split(Separator);
    }

    // Titles with commas are quoted, quotes in them doubled; no row goes over several lines.
    private static string[] SplitQuoted(string row)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < row.Length; i++)
        {
            var sign = row[i];
            if (quoted && sign == '"' && i + 1 < row.Length && row[i + 1] == '"') field.Append(row[++i]);
            else if (sign == '"') quoted = !quoted;
            else if (sign == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else field.Append(sign);
        }
        if (quoted) throw new RowException("a quote is not closed");
        fields.Add(field.ToString());
        return [.. fields];
    }
}
