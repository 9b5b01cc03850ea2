using RecSys.Core.Domain;

namespace RecSys.Core.Events;

/// <summary>A change that the store could not take although it keeps the rules.</summary>
/// <param name="Time">When it was refused.</param>
/// <param name="Reason">What the store said.</param>
/// <param name="Change">The change.</param>
public sealed record DeadLetter(DateTimeOffset Time, string Reason, LogChange Change);
