using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Training.Nightly;

/// <summary>Where a run keeps what: <c>nights/2026-01-31/</c> of the data folder.</summary>
internal sealed class NightFolder(string nights, DateOnly day)
{
    /// <summary>Folder of all runs, within the data folder.</summary>
    public const string Nights = "nights";

    public const string DayForm = "yyyy-MM-dd";

    /// <summary>Full path of the run's folder.</summary>
    public string Root { get; } = Path.Combine(nights, day.ToString(DayForm, CultureInfo.InvariantCulture));

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

    /// <summary>Days that have a folder, the latest first. Folders with other names are passed over.</summary>
    public static IReadOnlyList<DateOnly> DaysOf(string nights) => !Directory.Exists(nights) ? [] :
    [
        .. Directory.EnumerateDirectories(nights)
            .Select(path => DateOnly.TryParseExact(Path.GetFileName(path), DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None,
                out var day) ? day : (DateOnly?)null)
            .OfType<DateOnly>().OrderDescending(),
    ];
}
