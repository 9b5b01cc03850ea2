using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RecSys.Core.Recommendations.Logging;

/// <summary>What is kept of answered requests, section <c>ServedRecords</c>.</summary>
public sealed class ServedRecordOptions
{
    public const string SectionName = "ServedRecords";

    /// <summary>Answered requests that may wait to be stored, about 3 KB each; further ones are dropped and counted.</summary>
    [Range(16, 100_000)]
    public int Queue { get; set; } = 2048;

    /// <summary>Share of the requests whose features are kept as served, for the skew check; about 10 KB each.</summary>
    [Range(0.0, 1.0)]
    public double FeatureShare { get; set; } = 0.02;

    /// <summary>Minutes after which a list of which nobody reported anything counts as shown; null: never.</summary>
    [Range(0.01, 10_080)]
    public double? CountsAfterMinutes { get; set; } = 30;

    /// <summary>Records are deleted after this many days.</summary>
    [Range(0.01, 3650)]
    public double Days { get; set; } = 30;

    /// <summary>
    /// The oldest records are deleted while there are more than this, about 2 KB each: a day of 200 requests a second is 17 million. Where
    /// they are exported to the lake it must hold what is served between two exports.
    /// </summary>
    [Range(1000L, 1_000_000_000L)]
    public long Most { get; set; } = 20_000_000;
}

[OptionsValidator]
internal sealed partial class ServedRecordOptionsValidator : IValidateOptions<ServedRecordOptions>;
