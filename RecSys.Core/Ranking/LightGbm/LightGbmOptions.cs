using System.ComponentModel.DataAnnotations;

namespace RecSys.Core.Ranking.LightGbm;

/// <summary>How the ranker is trained. Names and meaning follow LightGBM's own parameters.</summary>
public sealed record LightGbmOptions
{
    public const string SectionName = "Training:Ranker";

    /// <summary><c>binary</c> (validated by AUC) or <c>lambdarank</c> (validated by NDCG@10).</summary>
    [RegularExpression("^(binary|lambdarank)$", ErrorMessage = "Training:Ranker:Objective must be binary or lambdarank.")]
    public string Objective { get; init; } = "binary";

    /// <summary>Most trees a model may have; early stopping usually ends before.</summary>
    [Range(1, 100_000)]
    public int NumTrees { get; init; } = 400;

    [Range(2, 65_535)]
    public int NumLeaves { get; init; } = 31;

    [Range(1e-6, 10.0)]
    public double LearningRate { get; init; } = 0.05;

    [Range(0, int.MaxValue)]
    public int MinDataInLeaf { get; init; } = 50;

    /// <summary>Part of the features each tree may use.</summary>
    [Range(1e-6, 1.0)]
    public double FeatureFraction { get; init; } = 0.8;

    /// <summary>Part of the rows each tree sees, drawn anew for every tree; 1 turns bagging off.</summary>
    [Range(1e-6, 1.0)]
    public double BaggingFraction { get; init; } = 0.8;

    [Range(0.0, double.MaxValue)]
    public double LambdaL1 { get; init; }

    [Range(0.0, double.MaxValue)]
    public double LambdaL2 { get; init; } = 1.0;

    /// <summary>Histogram bins per feature. Up to 255 the forest scorer works on bytes, beyond on 16 bits at half the speed.</summary>
    [Range(2, 65_535)]
    public int MaxBin { get; init; } = 255;

    /// <summary>Missing values are told from zero; false trains NaN as zero.</summary>
    public bool UseMissing { get; init; } = true;

    /// <summary>Zero counts as missing too.</summary>
    public bool ZeroAsMissing { get; init; }

    /// <summary>Training ends when this many trees in a row have not improved the validation metric; 0 never stops early.</summary>
    [Range(0, int.MaxValue)]
    public int EarlyStoppingRounds { get; init; } = 50;

    [Range(0, int.MaxValue)]
    public int Seed { get; init; } = 42;

    /// <summary>0 takes as many as the machine has cores.</summary>
    [Range(0, 1024)]
    public int Threads { get; init; }

    /// <summary>Progress is reported after every so many trees, and after the last one.</summary>
    [Range(1, int.MaxValue)]
    public int ProgressEvery { get; init; } = 100;

    /// <summary>The same data, seed and thread count give the same model.</summary>
    public bool Deterministic { get; init; } = true;
}
