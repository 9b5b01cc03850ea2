namespace RecSys.Core.Evaluation.Gate;

/// <summary>Everything that one challenger is judged by.</summary>
public sealed record GateEvidence
{
    /// <summary>Null for the first model, which is compared with popularity in the champion's place.</summary>
    public string? Champion { get; init; }
    public required string Challenger { get; init; }

    /// <summary>Why there is no model that could be judged, which refuses it; null where there is one.</summary>
    public string? Fault { get; init; }

    /// <summary>One for each name of <see cref="GateMetrics"/>, on all test rows. Figures that the data cannot give are left out.</summary>
    public required IReadOnlyList<MetricComparison> Metrics { get; init; }

    /// <summary>
    /// Recall@500 beside popularity's in the champion's place, where users chose from lists: what they were shown is what the champion had
    /// found, so that no other could find as much. Null where they came to their choices by themselves.
    /// </summary>
    public MetricComparison? Found { get; init; }

    /// <summary>
    /// Least Recall@500 that the challenger has beyond chance, and that of items drawn at random; null where it was not measured.
    /// </summary>
    public (double Low, double Chance)? Reach { get; init; }

    /// <summary>AUC by segment, with intervals that allow for the number of segments.</summary>
    public IReadOnlyList<MetricComparison> Segments { get; init; } = [];

    /// <summary>Features that differ between serving and training beyond what is tolerated; null where nothing was served yet.</summary>
    public IReadOnlyList<string>? Skewed { get; init; }

    /// <summary>Reward per decision gained over what was served; null where the log cannot tell.</summary>
    public Estimate? OffPolicyGain { get; init; }

    /// <summary>Why <see cref="OffPolicyGain"/> is null.</summary>
    public string? OffPolicyRefusal { get; init; }

    /// <summary>How far the newest event that the champion learnt from is behind the newest one that there is.</summary>
    public TimeSpan ChampionAge { get; init; }

    /// <summary>Features whose distribution moved since the champion was made.</summary>
    public IReadOnlyList<string> Drifted { get; init; } = [];

    /// <summary>Relative gains in AUC that past nights measured, whatever was decided.</summary>
    public IReadOnlyList<double> PastAucGains { get; init; } = [];

    /// <summary>The feature that tells most of the label alone, and its AUC, taken the way round that is above one half.</summary>
    public (string Feature, double Auc)? BestFeature { get; init; }

    /// <summary>The figure of <see cref="GateMetrics.MainOf"/>.</summary>
    public MetricComparison? Main => GateMetrics.MainOf(Metrics, comparison => comparison.Metric);

    /// <summary>The figure of that name on all test rows, or null.</summary>
    public MetricComparison? Find(string metric) => Metrics.FirstOrDefault(comparison => comparison.Metric == metric);
}
