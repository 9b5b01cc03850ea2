using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Cross-entropy of a softmax over candidates, with gradients computed here rather than by autograd: the scores are worked through in
/// blocks of rows that fit the processor's cache, so the [targets, candidates] matrix is never stored.
/// </summary>
internal static class SoftmaxLoss
{
    private const int BlockValues = 1 << 20;

    /// <param name="users">[targets, dimension].</param>
    /// <param name="candidates">[candidates, dimension].</param>
    /// <param name="targets">Right candidate of each row, int64 [targets].</param>
    /// <param name="logInclusion">Subtracted from the scores of the candidates, or null.</param>
    /// <param name="temperature">Divides the inner products.</param>
    /// <param name="reduce">Multiply in bfloat16.</param>
    /// <returns>Mean loss in nats, and its gradients by users and by candidates.</returns>
    public static (double Loss, Tensor ByUsers, Tensor ByCandidates) Compute(
        Tensor users, Tensor candidates, Tensor targets, Tensor? logInclusion, double temperature, bool reduce)
    {
        using var guard = no_grad();
        var rows = users.shape[0];
        var byUsers = empty_like(users);
        var byCandidates = zeros_like(candidates);
        var type = reduce ? ScalarType.BFloat16 : ScalarType.Float32;
        var left = users.to_type(type);
        var scaled = (candidates / temperature).to_type(type);
        var columns = scaled.t();
        var loss = zeros(1);
        var block = Math.Max(1, BlockValues / candidates.shape[0]);
        for (long first = 0; first < rows; first += block)
        {
            using var scope = NewDisposeScope();
            var size = Math.Min(block, rows - first);
            var part = left.narrow(0, first, size);
            var right = targets.narrow(0, first, size).unsqueeze(1);
            var scores = mm(part, columns);
            scores = scores.to_type(ScalarType.Float32);
            if (logInclusion is not null) scores.sub_(logInclusion);
            // Softmax by hand, in place: rows stay unnormalised, and the small matrices are divided by the rows' sums instead.
            scores.sub_(scores.amax(new long[] { 1 }, keepdim: true));
            loss.sub_(scores.gather(1, right).sum());
            scores.exp_();
            var sums = scores.sum(1, keepdim: true);
            loss.add_(sums.log().sum());
            scores.scatter_add_(1, right, -sums);
            var error = scores.to_type(type);
            byUsers.narrow(0, first, size).copy_(mm(error, scaled)).div_(sums);
            byCandidates.add_(mm(error.t(), part / sums.to_type(type)));
        }
        return (loss.item<float>() / rows, byUsers.div_(rows), byCandidates.div_(rows * temperature));
    }
}
