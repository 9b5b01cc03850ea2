using System.Globalization;
using System.Text.Json.Serialization;

namespace RecSys.Core.Evaluation;

/// <summary>What was learnt from and tested on.</summary>
/// <param name="Users">Users in the log.</param>
/// <param name="Items">Items in the catalogue.</param>
/// <param name="Train">Events that train.</param>
/// <param name="Validation">Events, or choices where these are kept back one by one, that settings are chosen by.</param>
/// <param name="Test">Events, or choices where these are kept back one by one, behind both.</param>
/// <param name="Choices">Choices that were to be told.</param>
public sealed record EvaluationData(
    [property: JsonPropertyName("users")] int Users,
    [property: JsonPropertyName("items")] int Items,
    [property: JsonPropertyName("train_events")] int Train,
    [property: JsonPropertyName("validation_events")] int Validation,
    [property: JsonPropertyName("test_events")] int Test,
    [property: JsonPropertyName("test_choices")] int Choices)
{
    private const int FewestChoices = 100, FewestImpressions = 1000;

    /// <summary>Impressions judged; 0 where none were.</summary>
    [JsonPropertyName("test_impressions")]
    public int Impressions { get; init; }

    /// <summary>Lists that these were shown in.</summary>
    [JsonPropertyName("test_lists")]
    public int Lists { get; init; }

    /// <summary>Of these, those with clicked and passed-over items, which figures of lists are means over.</summary>
    [JsonPropertyName("test_lists_mixed")]
    public int MixedLists { get; init; }

    /// <summary>Impressions whose list is told by a request id; the others' list is what their user was shown at one moment.</summary>
    [JsonPropertyName("test_impressions_with_request_id")]
    public int WithRequestId { get; init; }

    /// <summary>
    /// Says that a test is too small to tell anything, a line each; empty where it is not. A share of 0.1 over so many choices has a
    /// standard error of a third of itself, and of fewer it has more; the same goes for impressions in which there may be one click in ten.
    /// </summary>
    public IEnumerable<string> Warnings()
    {
        if (Choices < FewestChoices)
            yield return string.Create(CultureInfo.InvariantCulture, $"Only {Choices:N0} choices are tested, fewer than {FewestChoices}: "
                + $"the figures of the next item say next to nothing.");
        if (Impressions is > 0 and < FewestImpressions)
            yield return string.Create(CultureInfo.InvariantCulture, $"Only {Impressions:N0} impressions are judged, fewer than "
                + $"{FewestImpressions:N0}: their figures say next to nothing.");
    }

    /// <summary>Counts the log and what was tested.</summary>
    public static EvaluationData Of(TestOutcomes outcomes, int train, int validation, int test) =>
        new(outcomes.Log.Users.Count, outcomes.Log.Items.Count, train, validation, test, outcomes.Choices.Length)
        {
            Impressions = outcomes.Impressions?.Count ?? 0,
            Lists = outcomes.Impressions?.Sizes.Length ?? 0,
            MixedLists = outcomes.Impressions?.MixedLists ?? 0,
            WithRequestId = outcomes.Impressions?.WithRequestId ?? 0,
        };

    /// <summary>In words.</summary>
    public override string ToString()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Users:N0} users, {Items:N0} items; {Choices:N0} choices to tell; events: "
            + $"{Train:N0} train,\n{Validation:N0} validate, {Test:N0} test");
        if (Impressions == 0) return text + ". Lists as shown are not measured: no impressions were judged.";
        var lists = WithRequestId == Impressions ? "by request id"
            : WithRequestId == 0 ? "by user and moment, since the log has no request ids" : "by request id, or user and moment without one";
        return text + string.Create(CultureInfo.InvariantCulture,
            $";\n{Impressions:N0} impressions to judge, in {Lists:N0} lists\n({lists}), {MixedLists:N0} of which have clicked and "
                + $"passed-over items.");
    }
}
