using System.Text.Json.Serialization;
using RecSys.Core.Evaluation.Impressions;

namespace RecSys.Core.Evaluation;

/// <summary>How well a model tells impressions apart, by what was known of users and items when each was judged.</summary>
/// <param name="Model">As in <see cref="EvaluationRow"/>.</param>
/// <param name="State">
/// <c>live</c>: everything before the impression; <c>users-frozen</c>: of users nothing since the start of the test, so that what a user
/// does in it does not tell on the user's later impressions; <c>frozen</c>: of items neither.
/// </param>
/// <param name="Auc">Over all impressions; null where there are not both classes.</param>
/// <param name="Gauc">Within users, weighted by impressions; likewise.</param>
public sealed record StateRow(
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("auc")] double? Auc,
    [property: JsonPropertyName("gauc")] double? Gauc)
{
    public const string Live = "live";
    public const string UsersFrozen = "users-frozen";
    public const string Frozen = "frozen";

    /// <summary>In nats; null for models that give no probabilities.</summary>
    [JsonPropertyName("log_loss")]
    public double? LogLoss { get; init; }

    /// <summary>Expected calibration error over 10 bins of equal count; likewise.</summary>
    [JsonPropertyName("ece")]
    public double? Ece { get; init; }

    /// <summary>Measures what a model made of the impressions.</summary>
    public static StateRow Of(ImpressionSet shown, ImpressionScores scores, string state) => new(
        scores.Model, state, Known(PointwiseMetrics.Auc(scores.Scores, shown.Clicked)),
        Known(PointwiseMetrics.Gauc(scores.Scores, shown.Clicked, shown.Users)))
    {
        LogLoss = scores.Probabilities is { } p ? Known(PointwiseMetrics.LogLoss(p, shown.Clicked)) : null,
        Ece = scores.Probabilities is { } q ? Known(CalibrationError.EqualCount(q, shown.Clicked)) : null,
    };

    private static double? Known(double value) => double.IsFinite(value) ? value : null;
}
