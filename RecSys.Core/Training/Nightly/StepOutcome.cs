namespace RecSys.Core.Training.Nightly;

/// <summary>What a step did.</summary>
/// <param name="Verdict">One line in words.</param>
/// <param name="Outputs">Files that it wrote, by their paths within the run's folder with slashes.</param>
internal sealed record StepOutcome(string Verdict, IReadOnlyList<string> Outputs)
{
    /// <summary>How much of what.</summary>
    public IReadOnlyDictionary<string, long> Counts { get; init; } = new Dictionary<string, long>();

    /// <summary>True: the run ends here, and nothing is published.</summary>
    public bool Stopped { get; init; }

    /// <summary>Tables for a person; empty for none.</summary>
    public string Text { get; init; } = "";
}
