using System.Text.Json.Serialization;
using RecSys.Core.Models;

namespace RecSys.Api.Contracts;

/// <summary>A model version, as <c>GET /models</c> and <c>models list --json</c> show it.</summary>
/// <param name="Version">Name.</param>
/// <param name="State"><c>training</c>, <c>rejected</c>, <c>staging</c>, <c>shadow</c>, <c>canary</c>, <c>champion</c>, <c>retired</c>,
/// <c>quarantined</c>; <c>unregistered</c> where the store does not know it.</param>
/// <param name="Since">When it came into this state.</param>
/// <param name="Revision">For If-Match: another one after every change.</param>
/// <param name="Actor">Who brought it there.</param>
/// <param name="Reason">Why.</param>
/// <param name="Bundle"><c>valid</c>, <c>torn</c> or <c>absent</c>, by names and sizes of the files.</param>
/// <param name="Fault">Why the bundle is not valid; null where that is as it should be, too.</param>
/// <param name="CreatedAt">When it was trained.</param>
/// <param name="Items">Items in its index.</param>
/// <param name="Metrics">Figures from its training.</param>
/// <param name="Lineage">Where it comes from.</param>
/// <param name="InMemory">Of a server: <c>champion</c>, <c>live</c>, <c>retiring</c> or <c>refused</c>; null when it never met it.</param>
/// <param name="Refusal">Of a server: why it refused it.</param>
public sealed record ModelBody(
    string Version, string State, DateTimeOffset? Since, long? Revision, string? Actor, string? Reason, string Bundle, string? Fault,
    DateTimeOffset? CreatedAt, int? Items, IReadOnlyDictionary<string, double>? Metrics, ModelLineageBody? Lineage,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? InMemory = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Refusal = null)
{
    internal static ModelBody Of(ModelVersion version, PooledModel? pooled = null)
    {
        var record = version.Record;
        var expected = version.Condition == BundleCondition.Absent && record is { Collected: true };
        return new ModelBody(
            version.Version, version.StateName, record?.Since, record?.Revision, record?.Actor, record?.Reason,
            version.Condition.ToString().ToLowerInvariant(), expected ? null : version.Fault, version.Manifest?.CreatedAt,
            version.Manifest?.ItemCount, version.Manifest?.Metrics, record is null ? null : ModelLineageBody.Of(record),
            pooled?.State.ToString().ToLowerInvariant(), pooled?.Reason);
    }
}
