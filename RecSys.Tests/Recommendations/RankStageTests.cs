using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Ranking;
using RecSys.Core.Recommendations.Scoring;
using RecSys.Tests.Models;
using RecSys.Tests.Pipeline;

namespace RecSys.Tests.Recommendations;

public sealed class RankStageTests
{
    private static readonly float[] retrieval = [0.1f, 0.6f, float.NaN, 0.3f];

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public async Task ExecuteAsync_WeightOfTheBundle_MovesTheScoreAndLeavesTheProbability(double weight)
    {
        await using var fixture = await RuleFixture.CreateAsync(
            Enumerable.Range(0, retrieval.Length).Select(i => new Item { Id = $"i{i}", Title = "t", Category = "c" }),
                retrievalWeight: weight);
        Prepare(fixture);

        await fixture.RunAsync(new RankStage());

        var candidates = fixture.Context.Candidates.Items.ToArray();
        var probabilities = candidates.Select(candidate => candidate.Probability).ToArray();
        var raw = new double[retrieval.Length];
        fixture.Context.Model.Bundle.Forest.Score(fixture.Context.Matrix, raw.Length, raw);
        Assert.Equal(raw.Select(fixture.Context.Model.Bundle.Calibrator.Calibrate), probabilities);
        var expected = new double[retrieval.Length];
        ListScore.Fill(weight, probabilities, retrieval, expected);
        Assert.Equal(expected, fixture.Scores);
        Assert.Equal(weight == 0, probabilities.SequenceEqual(fixture.Scores));
    }

    private static void Prepare(RuleFixture fixture)
    {
        var list = fixture.Context.Candidates;
        list.Open(new TestStage("add", StageKind.Retrieve, _ => { }));
        for (var i = 0; i < retrieval.Length; i++) list.Add(i, CandidateSources.TwoTower, retrieval[i], i);
        list.Close();
        var matrix = fixture.Context.AllocateMatrix(retrieval.Length, TestModels.Catalogue.Count);
        for (var i = 0; i < matrix.Length; i++) matrix[i] = i % 5 / 4f;
        list.Open(new TestStage("features", StageKind.Enrich, _ => { }));
        list.AssignMatrixRows();
        list.Close();
    }
}
