using System.Diagnostics.Metrics;
using RecSys.Core.Domain.Metrics;

namespace RecSys.Api.Hosting.Authentication;

/// <summary>Instruments of who may ask.</summary>
internal sealed class AuthenticationMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string SourceName = "RecSys.Authentication";

    private static readonly KeyValuePair<string, object?> NoToken = new("reason", "no_token");
    private static readonly KeyValuePair<string, object?> BadToken = new("reason", "bad_token");
    private static readonly KeyValuePair<string, object?> NotAllowed = new("reason", "not_allowed");

    private readonly Counter<long> failures;

    public AuthenticationMetrics(IMeterFactory meters) => failures = meters.Create(SourceName)
        .CreateCounter<long>("recsys_authentication_failures", description: "Requests refused for who asked, by reason")
        .Noted("bad_token that jumps: the issuer changed its keys, or somebody tries some; not_allowed: a client asks for another's data",
            "reason");

    public void Challenged(bool hadToken) => failures.Add(1, hadToken ? BadToken : NoToken);

    public void Forbidden() => failures.Add(1, NotAllowed);
}
