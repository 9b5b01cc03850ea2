using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>A served record with its place in the store.</summary>
/// <param name="Sequence">Grows in the order in which records were stored.</param>
/// <param name="Record">The record.</param>
public sealed record StoredServedRecord(long Sequence, ServedRecord Record);
