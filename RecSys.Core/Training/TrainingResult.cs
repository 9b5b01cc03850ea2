using RecSys.Core.Models;

namespace RecSys.Core.Training;

/// <summary>What a training run made.</summary>
/// <param name="Manifest">The published bundle.</param>
/// <param name="Elapsed">Wall-clock time of the run.</param>
/// <param name="RankerRows">Rows that the ranker learnt from and was validated on.</param>
/// <param name="Events">Events of the window.</param>
public sealed record TrainingResult(BundleManifest Manifest, TimeSpan Elapsed, int RankerRows, int Events);
