namespace RecSys.Api.Contracts;

/// <summary>A merchandising rule as it is sent. Which fields belong to which kind says docs/rules.md. For the OpenAPI document.</summary>
/// <param name="Kind">pin, boost, bury, include, exclude, cap or own_items.</param>
/// <param name="Id">1 to 256 characters; that of the address, or left out. Required in a preview.</param>
/// <param name="Name">For people, up to 256 characters.</param>
/// <param name="Filter">Which items it is about; docs/expressions.md has the language. Of boost, bury, include and exclude.</param>
/// <param name="Item">Id of the item. Of pin.</param>
/// <param name="Position">Place in the list, 1 to 100. Of pin.</param>
/// <param name="Factor">By what scores are multiplied: of boost above 1 up to 10, of bury from 0.1 to below 1.</param>
/// <param name="By">category or creator. Of cap.</param>
/// <param name="Most">Most items of each category or creator, 1 to 100. Of cap.</param>
/// <param name="Top">Among so many first places, 1 to 100. Of cap.</param>
/// <param name="Scenarios">Where it holds, at most 20; everywhere when left out.</param>
/// <param name="Segment">For whom it holds: a condition on user and context alone; for all when left out.</param>
/// <param name="Starts">From when on it holds; a time with a zone.</param>
/// <param name="Ends">From when on it does not hold any more; a time with a zone.</param>
/// <param name="Priority">Of two that cannot both be followed the greater one wins; 0 when left out.</param>
/// <param name="Enabled">False: kept and not followed. True when left out.</param>
public sealed record RuleRequest(
    string? Kind = null,
    string? Id = null,
    string? Name = null,
    string? Filter = null,
    string? Item = null,
    int? Position = null,
    double? Factor = null,
    string? By = null,
    int? Most = null,
    int? Top = null,
    IReadOnlyList<string>? Scenarios = null,
    string? Segment = null,
    DateTimeOffset? Starts = null,
    DateTimeOffset? Ends = null,
    int? Priority = null,
    bool? Enabled = null);
