namespace RecSys.Api.Contracts;

/// <summary>Times as replies have them.</summary>
internal static class Milliseconds
{
    /// <summary>Milliseconds to the nanosecond.</summary>
    public static double Ms(double nanoseconds) => Math.Round(nanoseconds / 1e6, 6);
}
