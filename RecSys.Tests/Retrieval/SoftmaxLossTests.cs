using RecSys.Core.Retrieval.TwoTower;
using static TorchSharp.torch;

namespace RecSys.Tests.Retrieval;

[Collection(TorchCollection.Name)]
public sealed class SoftmaxLossTests
{
    [Theory]
    [InlineData(false, false, 1e-5)]
    [InlineData(true, false, 1e-5)]
    [InlineData(true, true, 2e-2)]
    public void Compute_RandomScores_EqualsAutograd(bool corrected, bool reduce, double tolerance)
    {
        // More candidates than a block holds rows for, so that several blocks are summed.
        const int rows = 700;
        const int count = 3000;
        using var scope = NewDisposeScope();
        random.manual_seed(11);
        var users = nn.functional.normalize(randn(rows, 16), 2, 1).requires_grad_();
        var candidates = nn.functional.normalize(randn(count, 16), 2, 1).requires_grad_();
        var targets = randint(0, count, rows, ScalarType.Int64);
        var logInclusion = corrected ? rand(count).log() : null;

        var (loss, byUsers, byCandidates) = SoftmaxLoss.Compute(users, candidates, targets, logInclusion, 0.1, reduce);

        var scores = mm(users, candidates.t()) / 0.1;
        if (logInclusion is not null) scores = scores - logInclusion;
        var expected = nn.functional.cross_entropy(scores, targets);
        expected.backward();
        Assert.Equal(expected.item<float>(), loss.item<float>(), Math.Max(1e-4, tolerance));
        Assert.InRange(RelativeError(users.grad!, byUsers), 0, tolerance);
        Assert.InRange(RelativeError(candidates.grad!, byCandidates), 0, tolerance);
    }

    private static float RelativeError(Tensor expected, Tensor actual) => ((expected - actual).norm() / expected.norm()).item<float>();
}
