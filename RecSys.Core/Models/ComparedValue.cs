namespace RecSys.Core.Models;

/// <summary>A value of two bundles by the same name; NaN or null where a bundle has none.</summary>
public sealed record ComparedValue<T>(string Name, T First, T Second);
