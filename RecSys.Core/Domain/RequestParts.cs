namespace RecSys.Core.Domain;

/// <summary>Names of the parts of a request, as metrics and replies write them.</summary>
public static class RequestParts
{
    /// <summary>Names in snake case, by the number of the <see cref="RequestPart"/>.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "authentication", "admission", "user_embedding", "candidate_generation", "feature_fetching", "matrix", "prediction",
        "business_logic", "response_formatting",
    ];

    /// <summary>Number of parts.</summary>
    public const int Count = (int)RequestPart.ResponseFormatting + 1;
}
