namespace RecSys.Core.Training.Nightly;

/// <summary>Figures of published versions on the test rows of one night, which are the same for all of them.</summary>
/// <param name="Day">Last day of the night's window.</param>
/// <param name="Impressions">Impressions of its test rows.</param>
/// <param name="Choices">Choices of its test rows.</param>
/// <param name="Remark">What the champion's figures must be read with; null when nothing is to be said.</param>
/// <param name="Versions">Figures by name, for each version that was judged.</param>
public sealed record JudgedNight(
    DateOnly Day, int Impressions, int Choices, string? Remark,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Versions)
{
    /// <summary>The latest night that judged both; null where none did.</summary>
    /// <param name="nights">The latest first.</param>
    /// <param name="first">A version.</param>
    /// <param name="second">Another one.</param>
    public static JudgedNight? OfBoth(IReadOnlyList<JudgedNight> nights, string first, string second) =>
        nights.FirstOrDefault(night => night.Versions.ContainsKey(first) && night.Versions.ContainsKey(second));
}
