namespace RecSys.Core.Training.Nightly.Runs;

/// <summary>Finds out whether a step is finished: its result is there, and what it read and wrote is what it was.</summary>
internal sealed class StepCheck(NightContext night)
{
    /// <param name="number">Place of the step, from 1.</param>
    /// <param name="step">The step.</param>
    /// <param name="before">Results of the steps before it that are finished, by name.</param>
    /// <param name="ct">Stops between files.</param>
    /// <returns>Why it has to run, or null; and its result where it is kept.</returns>
    public async Task<StepPlan> RunAsync(
        int number, INightStep step, IReadOnlyDictionary<string, StepResult> before, CancellationToken ct)
    {
        var result = await NightJson.FindAsync<StepResult>(night.Folder.ResultOf(number, step.Name), ct);
        if (result is null || result.Step != step.Name) return new StepPlan(step.Name, "it is not finished yet", null);
        if (step.Needs.FirstOrDefault(need => !before.ContainsKey(need)) is { } missing)
            return new StepPlan(step.Name, $"{missing} runs before it", null);
        var inputs = await InputsAsync(step, before, ct);
        if (Difference(result.Inputs, inputs) is { } changed) return new StepPlan(step.Name, $"{changed} has changed since", null);
        foreach (var output in result.Outputs)
        {
            var found = await night.Folder.DescribeAsync(output.Path, ct);
            if (found != output)
                return new StepPlan(step.Name, $"its file {output.Path} is {(found is null ? "missing" : "damaged")}", null);
        }
        return new StepPlan(step.Name, null, result);
    }

    /// <summary>What a step reads now: the files of the steps that it needs, then what is outside.</summary>
    public async Task<IReadOnlyList<StepFile>> InputsAsync(
        INightStep step, IReadOnlyDictionary<string, StepResult> before, CancellationToken ct) =>
        [.. step.Needs.SelectMany(need => before[need].Outputs), .. await step.OutsideAsync(night, ct)];

    private static string? Difference(IReadOnlyList<StepFile> then, IReadOnlyList<StepFile> now)
    {
        var known = then.ToDictionary(file => file.Path, StringComparer.Ordinal);
        foreach (var file in now)
        {
            if (!known.Remove(file.Path, out var former) || former != file) return file.Path;
        }
        return known.Keys.FirstOrDefault();
    }
}
