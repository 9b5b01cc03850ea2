namespace RecSys.Api.Hosting.Audit;

/// <summary>Set on a request that erased users: its own audit entry names none of them, not even by pseudonym.</summary>
/// <param name="Ids">Who was erased.</param>
internal sealed record ErasedUsers(IReadOnlyList<string> Ids);
