namespace RecSys.Core.Domain;

/// <summary>
/// What the time of a recommendation request goes to. Each stage of the pipeline names its part in the list of stages; the others are
/// measured around the pipeline.
/// </summary>
public enum RequestPart
{
    /// <summary>Who is asking, and what the token allows.</summary>
    Authentication = 0,

    /// <summary>Limits, waiting for a turn, reading the query, waiting for a position of the log.</summary>
    Admission = 1,

    /// <summary>The user's vector.</summary>
    UserEmbedding = 2,

    /// <summary>Search and the other sources.</summary>
    CandidateGeneration = 3,

    /// <summary>The user's state.</summary>
    FeatureFetching = 4,

    /// <summary>The matrix of all features.</summary>
    Matrix = 5,

    /// <summary>The ranker and what corrects it.</summary>
    Prediction = 6,

    /// <summary>Filters, rules, order, exploration, selection.</summary>
    BusinessLogic = 7,

    /// <summary>From the finished list to the sent response.</summary>
    ResponseFormatting = 8,
}
