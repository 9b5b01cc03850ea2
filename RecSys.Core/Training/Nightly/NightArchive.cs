using RecSys.Core.Domain;
using RecSys.Core.Storage;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;

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

    /// <summary>
    /// What the latest nights found of the versions that they judged, the newest first. A refitted model has learnt from the test rows and
    /// is not among those of the night that made it.
    /// </summary>
    /// <param name="most">How many nights.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <exception cref="RecSysException">A file cannot be read.</exception>
    public async Task<IReadOnlyList<JudgedNight>> JudgedAsync(int most, CancellationToken ct)
    {
        var found = new List<JudgedNight>();
        foreach (var folder in NightFolder.RunsOf(nights).Take(most))
        {
            var evaluation = await FindAsync<NightEvaluation>(folder[NightFiles.Evaluation], ct);
            if (evaluation is null) continue;
            var publication = await FindAsync<PublicationFile>(folder[NightFiles.Publication], ct);
            var versions = new Dictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal);
            foreach (var model in evaluation.Models)
            {
                if (VersionOf(model, publication) is { } version) versions.TryAdd(version, model.Values);
            }
            found.Add(new JudgedNight(folder.Day, evaluation.Impressions, evaluation.Choices, evaluation.ChampionRemark, versions));
        }
        return found;
    }

    private static string? VersionOf(JudgedFigures model, PublicationFile? publication)
    {
        if (model.Name is JudgedModel.Champion or JudgedModel.Previous) return model.Version;
        if (model.Version is null || publication is null) return null;
        var best = publication.Variant ?? JudgedModel.Challenger;
        return model.Name == best && publication.Model == JudgedModel.Refitted ? null : publication.VersionOf(model.Name, best);
    }

    private static async Task<T?> FindAsync<T>(string path, CancellationToken ct)
        where T : class
    {
        try
        {
            return await NightJson.FindAsync<T>(path, ct);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.Reading(path, failure);
        }
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
