namespace RecSys.Core.Models;

/// <summary>What the verification of a bundle has read anyway and a load can use.</summary>
/// <param name="Ids">Of the items, in row order.</param>
/// <param name="Embeddings">Items × dimension; null where no copy was asked for.</param>
internal sealed record VerifiedFiles(ItemIdList Ids, float[]? Embeddings);
