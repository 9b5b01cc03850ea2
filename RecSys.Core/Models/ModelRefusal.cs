namespace RecSys.Core.Models;

/// <summary>A version that was not loaded.</summary>
/// <param name="Version">Name of the bundle.</param>
/// <param name="Cause">What kind of fault it is.</param>
/// <param name="Reason">What is wrong, and what to do.</param>
/// <param name="Fingerprint">The files and, where the catalogue matters, its size, as they were: the same again would be refused
/// again.</param>
public sealed record ModelRefusal(string Version, RefusalCause Cause, string Reason, string Fingerprint);
