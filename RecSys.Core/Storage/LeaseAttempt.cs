namespace RecSys.Core.Storage;

/// <summary>What came of an attempt to take a lease.</summary>
/// <param name="Taken">True: it is the caller's now.</param>
/// <param name="Lease">As it is stored now: the caller's, or that of who holds it.</param>
/// <param name="Before">Whom it was taken over from although it was never given back; null where there was none.</param>
public sealed record LeaseAttempt(bool Taken, LeaseRecord Lease, LeaseRecord? Before);
