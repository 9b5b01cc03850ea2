using RecSys.Api.Endpoints;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;

namespace RecSys.Api.Contracts;

/// <summary>
/// What a request for recommendations asks for. From the query string of <c>GET /recommend</c> it is checked in full: every fault is
/// reported, none of the values is echoed.
/// </summary>
internal sealed class RecommendQuery
{
    /// <summary>Name of the parameter that asks for a version of the model.</summary>
    public const string Model = "model_version";

    /// <summary>Name of the parameter that says where the list is shown.</summary>
    public const string ScenarioName = "scenario";

    /// <summary>Every parameter, in the order of the documentation.</summary>
    public static readonly string[] Parameters =
        ["user_id", "anonymous_id", "session_id", NumItems.Name, "device", "location", ScenarioName, "include", Model, FoldWait.Name];

    /// <summary>Those of a further page.</summary>
    public static readonly string[] PageParameters = [NumItems.Name, "include"];

    /// <summary>Who may get a list: users, visitors and sittings are ids of one kind.</summary>
    public static readonly string[] Subjects = ["user_id", "anonymous_id", "session_id"];

    /// <summary>What is wrong with a request that names nobody, or more than one.</summary>
    public const string NoSubject = "is required where there is no anonymous_id or session_id",
        TwoSubjects = "must not be sent together with anonymous_id or session_id";

    /// <summary>What may be asked for beside the list.</summary>
    public static readonly string[] Includes = ["reasons", "propensity", "timing", "trace"];

    public bool IncludeReasons { get; private set; }
    public bool IncludePropensity { get; private set; }
    public bool IncludeTiming { get; private set; }

    /// <summary>True for a run that is looked at from inside and leaves nothing behind; for administrators.</summary>
    public bool IncludeTrace { get; private set; }

    /// <summary>The version to run with a trace; null for the one that the user is assigned to.</summary>
    public string? ModelVersion { get; set; }

    /// <summary>Position of the log that the reply must know; 0 for any.</summary>
    public long MinPosition { get; set; }
    public RecommendationRequest Request { get; set; } = null!;

    /// <param name="query">The parameters.</param>
    /// <param name="policies">Knows the scenarios.</param>
    /// <returns>The checked query, or null with at least one fault reported to <paramref name="query"/>.</returns>
    public static RecommendQuery? Read(QueryParameters query, PolicyBook policies)
    {
        var parsed = new RecommendQuery();
        var user = Subject(query);
        parsed.MinPosition = FoldWait.Read(query);
        var items = NumItems.Read(query);
        var device = query.Text("device");
        if (device is not null && ContextCodes.Device(device) == 0) query.Fail("device", $"must be one of {ContextCodes.DeviceNames}");
        var location = query.Id("location");
        var scenario = query.Text(ScenarioName) ?? RecommendationRequest.Home;
        if (policies.FaultOf(scenario) is { } unknown) query.Fail(ScenarioName, unknown);
        parsed.ReadInclude(query);
        parsed.ModelVersion = query.Id(Model);
        if (parsed.ModelVersion is not null && !parsed.IncludeTrace) query.Fail(Model, "is for include=trace alone");
        if (!query.AreValid) return null;
        parsed.Request = new RecommendationRequest(user!, items, device, location, Scenario: scenario);
        return parsed;
    }

    /// <summary>The same for a further page, which has a number of items and <c>include</c> of reasons and propensity alone.</summary>
    public static (RecommendQuery Query, int NumItems)? ReadPage(QueryParameters query)
    {
        var parsed = new RecommendQuery();
        var items = NumItems.Read(query);
        parsed.ReadInclude(query);
        if (parsed.IncludeTiming || parsed.IncludeTrace)
            query.Fail("include", "must be a comma-separated list of reasons, propensity: a further page runs no stages");
        return query.AreValid ? (parsed, items) : null;
    }

    /// <summary>Asks for one of <see cref="Includes"/>; false for anything else.</summary>
    public bool TryInclude(string part)
    {
        switch (part)
        {
            case "reasons": IncludeReasons = true; return true;
            case "propensity": IncludePropensity = true; return true;
            case "timing": IncludeTiming = true; return true;
            case "trace": IncludeTrace = true; return true;
            default: return false;
        }
    }

    private static string? Subject(QueryParameters query)
    {
        var sent = Subjects.Where(name => query.Text(name) is not null).ToArray();
        if (sent.Length == 1) return query.Id(sent[0]);
        if (query.AreValid)
            query.Fail("user_id", sent.Length == 0 ? NoSubject : TwoSubjects);
        return null;
    }

    private void ReadInclude(QueryParameters query)
    {
        if (query.Text("include") is not { } text) return;
        foreach (var part in text.Split(','))
        {
            if (TryInclude(part)) continue;
            query.Fail("include", $"must be a comma-separated list of {string.Join(", ", Includes)}");
            return;
        }
    }
}
