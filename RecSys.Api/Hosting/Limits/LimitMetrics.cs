using System.Diagnostics.Metrics;
using RecSys.Core.Domain.Metrics;

namespace RecSys.Api.Hosting.Limits;

/// <summary>Instruments of the limits.</summary>
internal sealed class LimitMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string SourceName = "RecSys.Limits";

    private static readonly string[] Operations =
        [.. Enum.GetValues<OperationClass>().Select(operation => operation.ToString().ToLowerInvariant())];

    private readonly Counter<long> refused;
    private ClientLimiter? limiter;

    public LimitMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SourceName);
        refused = meter.CreateCounter<long>("recsys_requests_refused", description: "Requests refused by a limit, by which and for what")
            .Noted("overload: the server has more to do than it can, add one; rate and places: one client asks too much",
                "reason", "operation");
        meter.CreateObservableGauge("recsys_clients_known",
                () => limiter is { } known ? [new Measurement<int>(known.Clients)] : Array.Empty<Measurement<int>>(),
                description: "Clients that have a budget of their own")
            .Noted("at Limits:MaxClients new clients share budgets: raise it, or look for whom it is that makes up names");
    }

    public void Observe(ClientLimiter clients) => limiter = clients;

    /// <summary>More requests than the client's rate.</summary>
    public void OverRate(OperationClass operation) => Add("rate", operation);

    /// <summary>More of one client at the same time than its share of the places.</summary>
    public void OverPlaces(OperationClass operation) => Add("places", operation);

    /// <summary>More than the server can do at the same time.</summary>
    public void Overloaded(OperationClass operation) => Add("overload", operation);

    private void Add(string reason, OperationClass operation) => refused.Add(
        1, new KeyValuePair<string, object?>("reason", reason), new KeyValuePair<string, object?>("operation", Operations[(int)operation]));
}
