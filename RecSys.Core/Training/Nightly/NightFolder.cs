using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Training.Nightly;

/// <summary>
/// Where a run keeps what: <c>nights/2026-01-31/</c> of the data folder. What an earlier run of the same day had come to before it was
/// begun again lies beside it in <c>nights/2026-01-31.1/</c>, what one before that had in <c>.2</c>.
/// </summary>
/// <param name="nights">Folder of all runs.</param>
/// <param name="day">Last day of the window.</param>
/// <param name="former">0 for the present run of the day, 1 for the one before it.</param>
internal sealed class NightFolder(string nights, DateOnly day, int former = 0)
{
    /// <summary>Most earlier runs of a day that are kept.</summary>
    public const int MostFormer = 3;

    /// <summary>Folder of all runs, within the data folder.</summary>
    public const string Nights = "nights";

    public const string DayForm = "yyyy-MM-dd";

    /// <summary>Full path of the run's folder.</summary>
    public string Root { get; } = Path.Combine(nights, NameOf(day, former));

    /// <summary>Last day of the window.</summary>
    public DateOnly Day => day;

    /// <summary>0 for the present run of the day.</summary>
    public int Former => former;

    /// <summary>Name of the run's folder.</summary>
    public string Name => NameOf(day, former);

    /// <summary>Folder of all runs.</summary>
    public string All => nights;

    public string Run => this["run.json"];
    public string LogFile => this["run.log"];
    public string Report => this["report.html"];

    /// <summary>Full path of a file by its path within the run's folder.</summary>
    public string this[string relative] => Path.Combine(Root, relative.Replace('/', Path.DirectorySeparatorChar));

    public string ResultOf(int number, string step) => this[string.Create(CultureInfo.InvariantCulture, $"steps/{number:00}-{step}.json")];

    /// <summary>The result of a step whatever its number; null where it has none.</summary>
    public string? FindResult(string step) => !Directory.Exists(this["steps"]) ? null
        : Directory.EnumerateFiles(this["steps"], $"??-{step}.json").Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Removes a file of a run, or a folder that stands in its place; what is not there is passed over.</summary>
    public static void Remove(string path)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        else File.Delete(path);
    }

    /// <summary>Removes the folder of a run that did nothing but tell why.</summary>
    public void RemoveIfOnlyLog()
    {
        try
        {
            if (Directory.EnumerateFileSystemEntries(Root).All(path => path == LogFile)) Directory.Delete(Root, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Whoever calls this has something to tell that matters more.
        }
    }

    /// <summary>Size and checksum of a file, or null where there is none.</summary>
    /// <exception cref="RecSysException">It cannot be read.</exception>
    public async Task<StepFile?> DescribeAsync(string relative, CancellationToken ct)
    {
        var path = this[relative];
        try
        {
            if (!File.Exists(path)) return null;
            var digest = await FileDigest.OfAsync(path, ct);
            return new StepFile(relative, digest.Sha256, digest.Bytes);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.Reading(path, failure);
        }
    }

    /// <summary>
    /// Renames the present run's folder to <c>DAY.1</c>, what is there to <c>DAY.2</c> and so on; the oldest goes where there would be
    /// more than <see cref="MostFormer"/>. Stopped at any moment, no run is lost but that one.
    /// </summary>
    /// <returns>Where the run lies now.</returns>
    /// <exception cref="RecSysException">The folder cannot be written.</exception>
    public NightFolder SetAside()
    {
        try
        {
            var runs = Enumerable.Range(0, MostFormer + 1).Select(at => new NightFolder(nights, day, at)).ToArray();
            var free = Array.FindIndex(runs, run => !Path.Exists(run.Root));
            if (free < 0) Remove(runs[free = MostFormer].Root);
            for (var at = free; at > 0; at--) Directory.Move(runs[at - 1].Root, runs[at].Root);
            return runs[1];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.Writing(nights, $"The earlier run of {Name} was not put aside, and nothing was begun", failure);
        }
    }

    /// <summary>
    /// All runs that have a folder, those of the latest day first and of a day the present one first. Folders with other names are passed
    /// over.
    /// </summary>
    public static IReadOnlyList<NightFolder> RunsOf(string nights) => !Directory.Exists(nights) ? [] :
    [
        .. Directory.EnumerateDirectories(nights).Select(path => Parse(nights, Path.GetFileName(path))).OfType<NightFolder>()
            .OrderByDescending(run => run.Day).ThenBy(run => run.Former),
    ];

    /// <summary>Days that have a folder of a present run, the latest first.</summary>
    public static IReadOnlyList<DateOnly> DaysOf(string nights) =>
        [.. RunsOf(nights).Where(run => run.Former == 0).Select(run => run.Day)];

    private static NightFolder? Parse(string nights, string name)
    {
        var parts = name.Split('.');
        var former = 0;
        return parts.Length <= 2
            && DateOnly.TryParseExact(parts[0], DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && (parts.Length == 1 || int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out former))
            && NameOf(day, former) == name ? new NightFolder(nights, day, former) : null;
    }

    private static string NameOf(DateOnly day, int former) => day.ToString(DayForm, CultureInfo.InvariantCulture)
        + (former == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $".{former}"));
}
