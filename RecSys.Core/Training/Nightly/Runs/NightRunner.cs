using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Training.Nightly.Runs;

/// <summary>
/// Runs the steps of a night in order. A step whose result is there and still true is kept, everything else runs, so that a run that ended
/// at any moment goes on behind its last finished step.
/// </summary>
/// <param name="night">The run.</param>
/// <param name="steps">In order.</param>
/// <param name="time">Measures the steps.</param>
/// <param name="say">Gets a line for every step.</param>
internal sealed class NightRunner(NightContext night, IReadOnlyList<INightStep> steps, TimeProvider time, Action<string> say)
{
    private readonly StepCheck check = new(night);
    private readonly StepBudget budget = new(night.Options.Nightly, time);

    /// <summary>Told the name of each step that has just been finished.</summary>
    internal Action<string>? Finished { get; init; }

    /// <exception cref="RecSysException">A step cannot be done; those before it are kept.</exception>
    public async Task<IReadOnlyList<StepResult>> RunAsync(string? fromStep, CancellationToken ct)
    {
        Directory.CreateDirectory(night.Folder["steps"]);
        if (fromStep is not null) Drop(PlaceOf(fromStep));
        var done = new Dictionary<string, StepResult>(StringComparer.Ordinal);
        for (var i = 0; i < steps.Count; i++)
        {
            ct.ThrowIfCancellationRequested();
            var plan = await check.RunAsync(i + 1, steps[i], done, ct);
            var result = plan.Result ?? await RunAsync(i + 1, steps[i], plan.Reason!, done, ct);
            if (plan.Result is not null) say($"{steps[i].Name,-9} kept      {result.Verdict}");
            done.Add(steps[i].Name, result);
            if (result.Stopped) break;
        }
        return [.. done.Values];
    }

    /// <summary>What <see cref="RunAsync(string?, CancellationToken)"/> would do; changes nothing.</summary>
    public async Task<IReadOnlyList<StepPlan>> PlanAsync(string? fromStep, CancellationToken ct)
    {
        var from = fromStep is null ? steps.Count : PlaceOf(fromStep);
        var done = new Dictionary<string, StepResult>(StringComparer.Ordinal);
        var plans = new List<StepPlan>();
        for (var i = 0; i < steps.Count; i++)
        {
            var plan = i >= from ? new StepPlan(steps[i].Name, "asked for by --from-step", null)
                : await check.RunAsync(i + 1, steps[i], done, ct);
            plans.Add(plan);
            if (plan.Result is { } kept) done.Add(kept.Step, kept);
            if (plan.Result is { Stopped: true }) break;
        }
        return plans;
    }

    private int PlaceOf(string name)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Name == name) return i;
        }
        throw new RecSysException($"There is no step {name}; the steps are {string.Join(", ", steps.Select(step => step.Name))}.");
    }

    private void Drop(int first)
    {
        for (var i = first; i < steps.Count; i++) NightFolder.Remove(night.Folder.ResultOf(i + 1, steps[i].Name));
    }

    private async Task<StepResult> RunAsync(
        int number, INightStep step, string reason, Dictionary<string, StepResult> done, CancellationToken ct)
    {
        // What is left of an earlier result must not vouch for files that are about to change.
        NightFolder.Remove(night.Folder.ResultOf(number, step.Name));
        say($"{step.Name,-9} runs      {reason}");
        var started = time.GetUtcNow();
        var inputs = await check.InputsAsync(step, done, ct);
        var (outcome, elapsed, peak) = await budget.RunAsync(step.Name, token => step.RunAsync(night, token), ct);
        var result = new StepResult
        {
            Step = step.Name,
            Verdict = outcome.Verdict,
            Stopped = outcome.Stopped,
            StartedAt = started,
            EndedAt = time.GetUtcNow(),
            Seconds = Math.Round(elapsed.TotalSeconds, 3),
            PeakMemoryBytes = peak,
            Inputs = inputs,
            Outputs = await SealAsync(step, outcome, ct),
            Counts = outcome.Counts,
            Text = outcome.Text,
        };
        await NightJson.WriteAsync(night.Folder.ResultOf(number, step.Name), result, ct);
        say(string.Create(CultureInfo.InvariantCulture,
            $"{step.Name,-9} {result.Seconds,6:0.0} s  {peak / 1048576,6:#,0} MB  {outcome.Verdict}"));
        Finished?.Invoke(step.Name);
        return result;
    }

    // The files are on the disk before anything says that they are there.
    private async Task<IReadOnlyList<StepFile>> SealAsync(INightStep step, StepOutcome outcome, CancellationToken ct)
    {
        var files = new List<StepFile>();
        foreach (var output in outcome.Outputs)
        {
            DurableFile.Flush(night.Folder[output]);
            files.Add(await night.Folder.DescribeAsync(output, ct)
                ?? throw new InvalidOperationException($"The step {step.Name} did not write {output}."));
        }
        return files;
    }
}
