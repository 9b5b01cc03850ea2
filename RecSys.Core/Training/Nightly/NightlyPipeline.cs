using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Lake;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Reports;
using RecSys.Core.Training.Nightly.Runs;
using RecSys.Core.Training.Nightly.Sources;

namespace RecSys.Core.Training.Nightly;

/// <summary>
/// A night: from the closed days of the log to a better model or none, in steps that survive a crash. The results lie in
/// <c>nights/DAY</c> of the data folder.
/// </summary>
/// <param name="database">The data folder's database.</param>
/// <param name="lake">Its lake.</param>
/// <param name="lakeOptions">When days close.</param>
/// <param name="registry">Published models.</param>
/// <param name="options">Settings of training, night and gate.</param>
/// <param name="rollout">What follows when a model passes.</param>
/// <param name="time">The clock.</param>
public sealed class NightlyPipeline(
    IDatabase database, ILakeStore lake, LakeOptions lakeOptions, ModelRegistry registry, TrainingOptions options, RolloutMode rollout,
    TimeProvider time)
{
    private readonly string nights = Path.Combine(database.DataFolder, NightFolder.Nights);

    /// <summary>Names of the steps in order.</summary>
    public static IReadOnlyList<string> Steps { get; } = [.. NightSteps.InOrder.Select(step => step.Name)];

    internal FeatureCatalogue Catalogue { get; init; } = FeatureCatalogue.Default;

    /// <summary>Told the name of each step that has just been finished.</summary>
    internal Action<string>? Finished { get; init; }

    /// <summary>Runs what is not finished yet.</summary>
    /// <param name="request">Which night, and from where on.</param>
    /// <param name="progress">Told how far each step is.</param>
    /// <param name="say">Gets lines for a person.</param>
    /// <param name="ct">Stops within a step; what is finished is kept.</param>
    /// <exception cref="RecSysException">A step cannot be done, or another run is at work.</exception>
    public async Task<NightResult> RunAsync(
        NightlyRequest request, IProgress<WorkProgress>? progress, Action<string> say, CancellationToken ct)
    {
        using var held = NightLock.Take(nights, time.GetUtcNow());
        await using var lease = await NightLease.TakeAsync(database.Leases, NightLease.Length, time, ct);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, lease.Lost);
        var folder = new NightFolder(nights, DayOf(request));
        Directory.CreateDirectory(folder.Root);
        try
        {
            return await WithLogAsync(request, folder, progress, say, held, lease, ct, either.Token);
        }
        catch (RecSysException nothing) when (nothing.IsSkip)
        {
            // Days without a shop would otherwise crowd out the nights that are kept.
            folder.RemoveIfOnlyLog();
            throw;
        }
    }

    private async Task<NightResult> WithLogAsync(
        NightlyRequest request, NightFolder folder, IProgress<WorkProgress>? progress, Action<string> say, NightLock held, NightLease lease,
        CancellationToken ct, CancellationToken either)
    {
        using var log = new NightLogFile(folder.LogFile, time, progress);
        void Say(string line)
        {
            log.Line(line);
            say(line);
        }
        if ((held.Before ?? lease.Before?.Owner) is { } before)
            Say($"The run before this one ended without a word ({before}); what it finished is kept.");
        try
        {
            return await GoThroughAsync(request, folder, log, Say, lease, either);
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            var stopped = await lease.TakenOverAsync();
            log.Line($"failed: {stopped.Message}");
            throw stopped;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.Line($"{(failure is RecSysException { IsSkip: true } ? "skipped" : "failed")}: {failure.Message}");
            throw;
        }
    }

    /// <summary>What a run would do; changes nothing.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public async Task<IReadOnlyList<StepPlan>> PlanAsync(NightlyRequest request, Action<string> say, CancellationToken ct)
    {
        var day = DayOf(request);
        var folder = new NightFolder(nights, day);
        var night = await OpenAsync(request, day, folder, null, say, ct);
        var runner = new NightRunner(night, NightSteps.InOrder, time, say);
        if (BeginsAgain(await NightJson.FindAsync<NightRun>(folder.Run, ct), night) is { } difference)
        {
            say($"The run would begin again: {difference}.{(KeepsFormer(folder) ? " What is there would be kept beside it." : "")}");
            return [.. Steps.Select(step => new StepPlan(step, "the run begins again", null))];
        }
        return await runner.PlanAsync(request.FromStep, ct);
    }

    private async Task<NightResult> GoThroughAsync(
        NightlyRequest request, NightFolder folder, NightLogFile log, Action<string> say, NightLease lease, CancellationToken ct)
    {
        var day = DayOf(request);
        var night = await OpenAsync(request, day, folder, log, say, ct);
        await BeginAsync(night, log, say, ct);
        var runner = new NightRunner(night, NightSteps.InOrder, time, say) { Before = lease.RequireAsync, Finished = Finished };
        var results = await runner.RunAsync(request.FromStep, ct);
        await NightReport.WriteAsync(night, results, ct);
        foreach (var fault in NightRetention.Run(nights, day, options.Nightly.KeepRuns)) say($"An old run was not removed: {fault}");
        return await EndAsync(folder, results, ct);
    }

    private async Task<NightResult> EndAsync(NightFolder folder, IReadOnlyList<StepResult> results, CancellationToken ct)
    {
        var verdict = results[^1].Verdict;
        if (results[^1].Stopped) return new NightResult(NightOutcome.Stopped, verdict, folder.Root, results);
        var publication = await NightJson.ReadAsync<PublicationFile>(folder[NightFiles.Publication], ct);
        if (publication.Version is not { } version) return new NightResult(NightOutcome.Refused, verdict, folder.Root, results);
        return new NightResult(NightOutcome.Published, await TakenBackAsync(version, publication, ct) ?? verdict, folder.Root, results);
    }

    // A kept publication tells what was done then; somebody may have taken it back since. Null: nobody has.
    private async Task<string?> TakenBackAsync(string version, PublicationFile publication, CancellationToken ct)
    {
        var serving = (await registry.ReadChampionAsync(ct))?.Version;
        var known = await registry.DescribeAsync(version, ct);
        if (known is { Record: null, Condition: BundleCondition.Absent })
            return $"{version} was published by this night and is not in the registry any more, {serving ?? "no model"} serves; "
                + "--from-step publish brings it back";
        return !publication.Champion || serving == version ? null
            : $"{version} was made champion by this night and is {known.StateName} now, {serving ?? "no model"} serves; nothing was "
                + "published again";
    }

    private DateOnly DayOf(NightlyRequest request) =>
        NightDay.Of(request.Day, request.Now ?? time.GetUtcNow(), lakeOptions.CloseMinutes);

    private async Task<NightContext> OpenAsync(
        NightlyRequest request, DateOnly day, NightFolder folder, IProgress<WorkProgress>? progress, Action<string> say,
        CancellationToken ct)
    {
        var former = await NightJson.FindAsync<NightRun>(folder.Run, ct);
        INightSource source;
        try
        {
            source = await SourceAsync(request.Source ?? former?.Source, day, say, ct);
        }
        catch (RecSysException nothing) when (nothing.IsSkip && request.Day is not null)
        {
            // Who names a day means one with data.
            throw new RecSysException(nothing.Message, nothing);
        }
        var run = new NightRun
        {
            Day = day,
            Now = request.Now ?? former?.Now ?? time.GetUtcNow(),
            Source = source.Name,
            Seed = options.Seed,
            Settings = NightSettings.HashOf(options, rollout),
            Values = NightSettings.ValuesOf(options, rollout),
            Code = CodeVersion.Commit,
        };
        return new NightContext
        {
            Folder = folder, Run = run, Options = options, Rollout = rollout, Source = source, Database = database,
            Registry = registry, Catalogue = Catalogue, Progress = progress,
        };
    }

    private async Task<INightSource> SourceAsync(string? wanted, DateOnly day, Action<string> say, CancellationToken ct)
    {
        if (wanted != DatabaseNightSource.SourceName)
        {
            try
            {
                return await LakeNightSource.OpenAsync(lake, database.Contents, day, options.Nightly.Days, ct);
            }
            catch (RecSysException missing) when (wanted is null)
            {
                say($"The log of the database is read: {missing.Message}");
            }
        }
        return await DatabaseNightSource.OpenAsync(database.EventLog, database.Contents, day, options.Nightly.Days, ct);
    }

    private static async Task BeginAsync(NightContext night, NightLogFile log, Action<string> say, CancellationToken ct)
    {
        var former = await NightJson.FindAsync<NightRun>(night.Folder.Run, ct);
        var difference = BeginsAgain(former, night);
        if (difference is not null)
        {
            var kept = KeepsFormer(night.Folder) ? PutAside(night.Folder, log) : "";
            say($"The run begins again: {difference}.{kept}");
        }
        if (former is null || difference is not null)
        {
            Clear(night.Folder);
            await NightJson.WriteAsync(night.Folder.Run, night.Run, ct);
        }
        say(string.Create(CultureInfo.InvariantCulture,
            $"Night {night.Run.Day:yyyy-MM-dd} out of the {night.Run.Source}, as of {night.Run.Now:u}, seed {night.Run.Seed}"));
    }

    // Why what is in the folder is of no use, or null where the run goes on or is the first.
    private static string? BeginsAgain(NightRun? former, NightContext night)
    {
        if (former is not null) return former.Difference(night.Run);
        if (Path.Exists(night.Folder.Run)) return $"its {Path.GetFileName(night.Folder.Run)} is damaged";
        return Path.Exists(night.Folder["steps"]) ? $"its {Path.GetFileName(night.Folder.Run)} is missing" : null;
    }

    // What has ended told somebody something; of what has not there is nothing to tell.
    private static bool KeepsFormer(NightFolder folder) => File.Exists(folder.Report);

    private static string PutAside(NightFolder folder, NightLogFile log)
    {
        NightFolder? former = null;
        log.BeginAnew(() => former = folder.SetAside());
        try
        {
            NightRetention.Thin(former!);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The night's end tries it again, and says so.
        }
        return $" The report and the small files of the run that had ended are kept in {former!.Name}.";
    }

    // All but the log of the run.
    private static void Clear(NightFolder folder)
    {
        foreach (var entry in new DirectoryInfo(folder.Root).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo sub) sub.Delete(recursive: true);
            else if (entry.FullName != Path.GetFullPath(folder.LogFile)) entry.Delete();
        }
    }
}
