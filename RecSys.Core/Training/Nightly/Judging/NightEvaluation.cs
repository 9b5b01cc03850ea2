using RecSys.Core.Evaluation;
using RecSys.Core.Training.Nightly.Explored;

namespace RecSys.Core.Training.Nightly.Judging;

/// <summary>What the comparison found of one challenger, <c>evaluation.json</c>.</summary>
internal sealed record NightEvaluation
{
    /// <summary>Name of its row.</summary>
    public string Challenger { get; init; } = JudgedModel.Challenger;

    /// <summary>Why it could not be judged, so that there are figures of the others alone; null where it could.</summary>
    public string? Fault { get; init; }

    /// <summary>
    /// Coverage of the intervals of <see cref="Metrics"/> but for the times: 0.95, and of several challengers as much more as makes those
    /// of all hold at once with that chance. All others are of 0.95.
    /// </summary>
    public double Level { get; init; } = 0.95;

    /// <summary>The version that serves; null when there is none.</summary>
    public string? Serving { get; init; }

    /// <summary>The version compared with: the one that serves, or null where it cannot be judged.</summary>
    public string? Champion { get; init; }

    /// <summary>Why there is no champion to compare with, or what its figures must be read with; null when nothing is to be said.</summary>
    public string? ChampionRemark { get; init; }

    /// <summary>How far the newest event that the champion learnt from is behind the newest one of the window, in days.</summary>
    public double ChampionAgeDays { get; init; }

    public int Impressions { get; init; }
    public int Lists { get; init; }
    public int Users { get; init; }
    public int Choices { get; init; }

    /// <summary>All figures, baselines first.</summary>
    public required IReadOnlyList<JudgedFigures> Models { get; init; }

    /// <summary>Name of the row that the challenger is compared with.</summary>
    public required string Against { get; init; }

    public required IReadOnlyList<JudgedDifference> Metrics { get; init; }
    public IReadOnlyList<JudgedDifference> Segments { get; init; } = [];

    /// <summary>Recall@500 against popularity's, where choices answer lists of the champion; null elsewhere.</summary>
    public JudgedDifference? Found { get; init; }
    public string? BestFeature { get; init; }
    public double BestFeatureAuc { get; init; }
    public IReadOnlyList<FeatureDrift> Drift { get; init; } = [];
    public IReadOnlyList<ReliabilityBin> Reliability { get; init; } = [];
    public IReadOnlyList<LiftDecile> Lift { get; init; } = [];
    public IReadOnlyList<TopListChange> TopLists { get; init; } = [];

    /// <summary>What explored places say; null in files of an earlier program.</summary>
    public ExploredJudgement? Explored { get; init; }

    /// <summary>The evaluation of another challenger on the same rows, which could not be judged.</summary>
    public NightEvaluation Without(string challenger, string fault) => this with
    {
        Challenger = challenger, Fault = fault, Metrics = [], Segments = [], Found = null, Drift = [], Reliability = [], Lift = [],
        TopLists = [], Explored = null,
    };
}
