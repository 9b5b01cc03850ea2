namespace RecSys.Core.Storage;

/// <summary>A lease as it is stored.</summary>
/// <param name="Name">Of the work.</param>
/// <param name="Owner">Who took it last.</param>
/// <param name="Token">Grows with every taking.</param>
/// <param name="TakenAt">When it was taken.</param>
/// <param name="ExpiresAt">Until when it holds.</param>
/// <param name="Renewals">How often it was held for longer.</param>
/// <param name="Released">True once it was given back.</param>
public sealed record LeaseRecord(
    string Name, string Owner, long Token, DateTimeOffset TakenAt, DateTimeOffset ExpiresAt, long Renewals, bool Released);
