using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Training.Nightly;

/// <summary>The nights of a data folder, for whoever looks at them; read while one runs, too.</summary>
/// <param name="dataFolder">Holds <c>nights/</c>.</param>
public sealed class NightArchive(string dataFolder)
{
    private const long MostReportBytes = 16 << 20;

    private readonly string nights = Path.Combine(dataFolder, NightFolder.Nights);

    /// <summary>The latest nights, the newest first, with the steps that are done.</summary>
    /// <param name="most">How many.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <exception cref="RecSysException">A file cannot be read.</exception>
    public async Task<IReadOnlyList<NightSummary>> ReadAsync(int most, CancellationToken ct)
    {
        var found = new List<NightSummary>();
        foreach (var day in NightFolder.DaysOf(nights).Take(most))
        {
            var folder = new NightFolder(nights, day);
            var done = new List<StepResult>();
            // By name: where a step has been put between them since, the number of an earlier night's is another.
            foreach (var step in NightlyPipeline.Steps)
            {
                if (folder.FindResult(step) is { } path && await NightJson.FindAsync<StepResult>(path, ct) is { } result) done.Add(result);
            }
            found.Add(new NightSummary(day, done, File.Exists(folder.Report)));
        }
        return found;
    }

    /// <summary>The report of a night as it lies there, HTML; null where there is none, or one larger than any that is written.</summary>
    /// <exception cref="RecSysException">It cannot be read.</exception>
    public async Task<byte[]?> ReportAsync(DateOnly day, CancellationToken ct)
    {
        var file = new FileInfo(new NightFolder(nights, day).Report);
        try
        {
            return file.Exists && file.Length <= MostReportBytes ? await File.ReadAllBytesAsync(file.FullName, ct) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.Reading(file.FullName, failure);
        }
    }
}

/// <summary>A night, as far as it came.</summary>
/// <param name="Day">Last day of its window.</param>
/// <param name="Done">Steps that are finished, in order.</param>
/// <param name="HasReport">True once its report is written.</param>
public sealed record NightSummary(DateOnly Day, IReadOnlyList<StepResult> Done, bool HasReport);
