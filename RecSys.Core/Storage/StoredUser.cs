using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>A user's profile as it is stored now.</summary>
/// <param name="Number">Grows in the order in which users were first stored, with gaps after erasures; a cursor for lists, nothing
/// else.</param>
/// <param name="Position">Entry that holds the content.</param>
/// <param name="User">The profile.</param>
public sealed record StoredUser(long Number, long Position, User User);
