using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;

namespace RecSys.Api.Contracts;

/// <summary>The query string of <c>GET /recommend</c>, checked in full: every fault is reported, none of the values is echoed.</summary>
internal sealed class RecommendQuery
{
    /// <summary>Every parameter, in the order of the documentation.</summary>
    public static readonly string[] Parameters = ["user_id", NumItems.Name, "device", "location", "include"];

    private static readonly string[] Includes = ["reasons", "propensity", "timing"];

    public bool IncludeReasons { get; private set; }
    public bool IncludePropensity { get; private set; }
    public bool IncludeTiming { get; private set; }
    public RecommendationRequest Request { get; private set; } = null!;

    /// <returns>The checked query, or null with at least one fault reported to <paramref name="query"/>.</returns>
    public static RecommendQuery? Read(QueryParameters query)
    {
        var parsed = new RecommendQuery();
        var user = query.Id("user_id", required: true);
        var items = NumItems.Read(query);
        var device = query.Text("device");
        if (device is not null && ContextCodes.Device(device) == 0) query.Fail("device", $"must be one of {ContextCodes.DeviceNames}");
        var location = query.Id("location");
        parsed.ReadInclude(query);
        if (!query.AreValid) return null;
        parsed.Request = new RecommendationRequest(user!, items, device, location);
        return parsed;
    }

    private void ReadInclude(QueryParameters query)
    {
        if (query.Text("include") is not { } text) return;
        foreach (var part in text.Split(','))
        {
            switch (part)
            {
                case "reasons": IncludeReasons = true; break;
                case "propensity": IncludePropensity = true; break;
                case "timing": IncludeTiming = true; break;
                default: query.Fail("include", $"must be a comma-separated list of {string.Join(", ", Includes)}"); return;
            }
        }
    }
}
