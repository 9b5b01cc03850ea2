using RecSys.Core.Domain;
using RecSys.Core.Pipeline;

namespace RecSys.Api.Contracts;

/// <summary>The query string of <c>GET /recommend</c>, checked in full: every fault is reported, none of the values is echoed.</summary>
internal sealed class RecommendQuery
{
    private static readonly string[] Known = ["user_id", "num_items", "device", "location", "include"];
    private static readonly string[] Includes = ["reasons", "propensity", "timing"];

    private readonly Dictionary<string, string[]> errors = new(StringComparer.Ordinal);
    private readonly IQueryCollection query;

    private RecommendQuery(IQueryCollection query) => this.query = query;

    public bool IncludeReasons { get; private set; }
    public bool IncludePropensity { get; private set; }
    public bool IncludeTiming { get; private set; }
    public RecommendationRequest Request { get; private set; } = null!;

    /// <returns>The checked query, or null with at least one entry in <paramref name="errors"/>, by parameter name.</returns>
    public static RecommendQuery? Parse(IQueryCollection query, out Dictionary<string, string[]> errors)
    {
        var parsed = new RecommendQuery(query);
        parsed.Parse();
        errors = parsed.errors;
        return errors.Count == 0 ? parsed : null;
    }

    private void Parse()
    {
        foreach (var name in query.Keys)
        {
            if (!Known.Contains(name, StringComparer.Ordinal))
                errors["query"] = [$"has a parameter that does not exist; known are {string.Join(", ", Known)}"];
        }
        var user = Single("user_id");
        if (user is null && !errors.ContainsKey("user_id")) errors["user_id"] = ["is required"];
        else if (user is not null && Identifiers.Fault(user) is { } fault) errors["user_id"] = [fault];
        if (NumItems.Parse(query["num_items"], out var items) is { } itemsFault) errors["num_items"] = [itemsFault];
        var device = Single("device");
        if (device is not null && ContextCodes.Device(device) == 0)
            errors["device"] = [$"must be one of {ContextCodes.DeviceNames}"];
        var location = Single("location");
        if (location is not null && Identifiers.Fault(location) is { } locationFault) errors["location"] = [locationFault];
        ParseInclude();
        if (errors.Count == 0) Request = new RecommendationRequest(user!, items, device, location);
    }

    private void ParseInclude()
    {
        if (Single("include") is not { } text) return;
        foreach (var part in text.Split(','))
        {
            switch (part)
            {
                case "reasons": IncludeReasons = true; break;
                case "propensity": IncludePropensity = true; break;
                case "timing": IncludeTiming = true; break;
                default: errors["include"] = [$"must be a comma-separated list of {string.Join(", ", Includes)}"]; return;
            }
        }
    }

    private string? Single(string name)
    {
        var values = query[name];
        if (values.Count <= 1) return values.Count == 0 ? null : values[0] ?? "";
        errors[name] = ["must not be repeated"];
        return null;
    }
}
