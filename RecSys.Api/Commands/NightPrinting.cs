using System.Globalization;
using RecSys.Core.Training.Nightly;

namespace RecSys.Api.Commands;

/// <summary>What a night found, as text.</summary>
internal static class NightPrinting
{
    /// <summary>One step of a plan.</summary>
    internal static string Line(StepPlan plan)
    {
        if (plan.Result is not { } kept) return $"{plan.Step,-9} runs  {plan.Reason}";
        var counts = string.Join(", ", kept.Counts.Select(count =>
            string.Create(CultureInfo.InvariantCulture, $"{count.Key} {count.Value:#,0}")));
        return string.Create(CultureInfo.InvariantCulture,
            $"{plan.Step,-9} kept  {kept.Outputs.Sum(file => file.Bytes) / 1048576.0,9:0.0} MB  {kept.Seconds,7:0.0} s  {counts}");
    }

    /// <summary>The tables of the steps, then what came of it.</summary>
    internal static void Print(TextWriter output, NightResult result)
    {
        foreach (var step in result.Steps.Where(step => step.Text.Length > 0))
        {
            output.WriteLine();
            output.Write(step.Text);
        }
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Outcome}: {result.Verdict} ({result.Steps.Sum(step => step.Seconds):0.0} s of work, {result.Folder})"));
    }
}
