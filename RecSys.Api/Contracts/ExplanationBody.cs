namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>GET /explain/{request_id}/{item_id}</c>: why an item is in a served list, or is not.</summary>
/// <param name="RequestId">The list.</param>
/// <param name="UserId">Who got it.</param>
/// <param name="Time">When.</param>
/// <param name="ItemId">The item.</param>
/// <param name="Title">Its title.</param>
/// <param name="Outcome"><c>served</c>, <c>never_candidate</c>, <c>removed</c>, <c>outranked</c> or <c>not_reproduced</c>.</param>
/// <param name="Stage">The stage at which it was lost; null for a served item.</param>
/// <param name="Reason">Why, such as <c>already_consumed</c> or <c>ranked_below</c>; null for a served item.</param>
/// <param name="Served">What is on record of it; null for an item that was not served.</param>
/// <param name="ModelVersion">The model that served, and explains.</param>
/// <param name="PolicyHash">The policy that served.</param>
/// <param name="Position">Position of the log that the list was served at.</param>
/// <param name="ExplainedAt">Position of the world that the list was made again in; the user is as of <paramref name="Position"/>.</param>
/// <param name="FromPresent">What else than that is of now: <c>items</c> (their counters and content, and what is popular), <c>user</c>,
/// <c>rules</c>, <c>policy</c>; <c>filter</c> and <c>boost</c>, too long to be on record, were left away. Empty: nothing.</param>
/// <param name="Reproduced">True when the list that was made again is the one on record.</param>
/// <param name="Sources">Who proposed the item when the list was made again.</param>
/// <param name="Steps">What each stage did with it then, in order.</param>
/// <param name="Proposals">Where it stands in what each source proposes.</param>
/// <param name="Score">What its score is made of; null when it was not ranked.</param>
public sealed record ExplanationBody(
    string RequestId, string UserId, DateTimeOffset Time, string ItemId, string Title, string Outcome, string? Stage, string? Reason,
    ExplainedPlace? Served, string ModelVersion, string PolicyHash, long Position, long ExplainedAt, IReadOnlyList<string> FromPresent,
    bool Reproduced, IReadOnlyList<string> Sources, IReadOnlyList<ExplainedStep> Steps, IReadOnlyList<ExplainedProposal> Proposals,
    ExplainedScore? Score);

/// <summary>A place of a served list, as recorded.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="Score">What the list was ordered by.</param>
/// <param name="ClickProbability">Calibrated, before the rules; null when it was not ranked.</param>
/// <param name="RankBeforeRules">From 1, by the ranker; null when unknown.</param>
/// <param name="Sources">Who proposed it.</param>
/// <param name="RetrievalScore">Inner product of user and item embedding; null when none was involved.</param>
/// <param name="RetrievalRank">From 1; null where there is none.</param>
/// <param name="Slot">How it came to its place: <c>ranked</c>, <c>explored</c> or <c>pinned</c>.</param>
/// <param name="Propensity">Probability with which the policy shows it there.</param>
public sealed record ExplainedPlace(
    int Rank, double Score, double? ClickProbability, int? RankBeforeRules, IReadOnlyList<string> Sources, double? RetrievalScore,
    int? RetrievalRank, string Slot, double Propensity);

/// <summary>What a stage did with the item.</summary>
/// <param name="Stage">Its name.</param>
/// <param name="Kind">What such a stage does: <c>retrieve</c>, <c>filter</c>, <c>score</c>, <c>rerank</c> or <c>select</c>.</param>
/// <param name="Candidates">Candidates that it left.</param>
/// <param name="RankBefore">From 1, among the candidates by score, and once they are put in order by place; null where the item was
/// none.</param>
/// <param name="Rank">The same behind it; null where the item is a candidate no more.</param>
/// <param name="ScoreBefore">Its score before; null when it had none.</param>
/// <param name="Score">And behind it.</param>
/// <param name="Removed">Why a filter took it out; null where none did.</param>
public sealed record ExplainedStep(
    string Stage, string Kind, int Candidates, int? RankBefore, int? Rank, double? ScoreBefore, double? Score, string? Removed);

/// <summary>Where the item stands in what a source proposes.</summary>
/// <param name="Source">Its name.</param>
/// <param name="Rank">From 1, among what the user may get of it; null where it does not know the item, or the user may not get
/// it.</param>
/// <param name="Places">Candidates that it may add; 0 where it was not asked.</param>
/// <param name="Score">What it orders by; null where the item has none.</param>
/// <param name="LastScore">The same of the last item that it added; null where that is not known.</param>
public sealed record ExplainedProposal(string Source, int? Rank, int Places, double? Score, double? LastScore);

/// <summary>What the ranker's score is made of: base and contributions add up to the raw score.</summary>
/// <param name="Features"><c>recorded</c>: those that were served; <c>computed</c>: as of the explanation.</param>
/// <param name="Raw">Raw score of the forest, log-odds.</param>
/// <param name="Base">What the forest says when no feature is known.</param>
/// <param name="ClickProbability">The raw score, calibrated.</param>
/// <param name="RankScore">What the ranker gave for the order, before the rules; null where the list made again lacks the item.</param>
/// <param name="Contributions">Every feature that weighed anything, heaviest first; null where the model says nothing of them.</param>
public sealed record ExplainedScore(
    string Features, double Raw, double Base, double ClickProbability, double? RankScore,
    IReadOnlyList<ExplainedFeature>? Contributions);

/// <summary>What one feature added to the raw score.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Value">Its value; null where it is missing.</param>
/// <param name="Contribution">Log-odds.</param>
public sealed record ExplainedFeature(string Feature, double? Value, double Contribution);
