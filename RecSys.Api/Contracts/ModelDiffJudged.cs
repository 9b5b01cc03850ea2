using RecSys.Core.Training.Nightly;

namespace RecSys.Api.Contracts;

/// <summary>Figures of <see cref="ModelDiffBody"/> that are comparable: both versions on the test rows of one night.</summary>
/// <param name="Night">Last day of the night's window.</param>
/// <param name="Impressions">Impressions of its test rows.</param>
/// <param name="Choices">Choices of its test rows.</param>
/// <param name="Remark">What the champion's figures must be read with; null when nothing is to be said.</param>
/// <param name="Figures">Both values of every figure.</param>
public sealed record ModelDiffJudged(
    DateOnly Night, int Impressions, int Choices, string? Remark, IReadOnlyDictionary<string, double?[]> Figures)
{
    internal static ModelDiffJudged Of(JudgedNight night, string first, string second) => new(
        night.Day, night.Impressions, night.Choices, night.Remark,
        night.Versions[first].Where(figure => night.Versions[second].ContainsKey(figure.Key))
            .ToDictionary(figure => figure.Key, double?[] (figure) =>
                [ModelDiffBody.OrNull(figure.Value), ModelDiffBody.OrNull(night.Versions[second][figure.Key])]));
}
