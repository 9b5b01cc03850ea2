using System.Text.Json.Serialization;

namespace RecSys.Core.Evaluation;

/// <summary>
/// What one group of features adds to the ranker, by AUC on the test impressions; every figure is of a ranker fitted anew.
/// </summary>
/// <param name="Group"><c>all</c>, <c>user</c>, <c>item</c>, <c>context</c>, <c>pair</c> or <c>models</c> (scores and cosines of the
/// towers).</param>
/// <param name="Features">Number of features in the group.</param>
/// <param name="AucWithout">With all other features; null for <c>all</c>.</param>
/// <param name="AucAlone">With the features of the group only; null where they cannot tell any rows apart.</param>
public sealed record GroupContribution(
    [property: JsonPropertyName("group")] string Group,
    [property: JsonPropertyName("features")] int Features,
    [property: JsonPropertyName("auc_without")] double? AucWithout,
    [property: JsonPropertyName("auc_alone")] double? AucAlone);
