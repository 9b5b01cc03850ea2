using TorchSharp;
using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Cross-entropy of a softmax over candidates, with gradients computed here rather than by autograd: the scores are worked through in
/// blocks of rows that fit the processor's cache, so the [targets, candidates] matrix is never stored.
/// </summary>
internal static class SoftmaxLoss
{
    /// <summary>
    /// Scores lie between plus and minus its inverse, whose exponential must stay a finite number; so no maximum is subtracted.
    /// </summary>
    public const double LeastTemperature = 0.02;

    private const long BlockValues = 1 << 20;

    // A GPU wants large products; this many values take 256 MiB in bfloat16.
    private const long GpuBlockValues = 1 << 27;

    /// <param name="users">[targets, dimension], L2-normalised.</param>
    /// <param name="candidates">[candidates, dimension], L2-normalised.</param>
    /// <param name="targets">Right candidate of each row, int64 [targets].</param>
    /// <param name="logInclusion">Subtracted from the scores of the candidates, or null.</param>
    /// <param name="temperature">Divides the cosines; at least <see cref="LeastTemperature"/>.</param>
    /// <param name="reduce">Multiply and exponentiate in bfloat16, sum in float32.</param>
    /// <returns>Mean loss in nats as a tensor of one value, and its gradients by users and by candidates.</returns>
    public static (Tensor Loss, Tensor ByUsers, Tensor ByCandidates) Compute(
        Tensor users, Tensor candidates, Tensor targets, Tensor? logInclusion, double temperature, bool reduce)
    {
        using var guard = no_grad();
        var rows = users.shape[0];
        var byUsers = empty_like(users);
        var byCandidates = zeros_like(candidates);
        var type = reduce ? ScalarType.BFloat16 : ScalarType.Float32;
        var left = users.to_type(type);
        var scaled = candidates.Over(temperature).to_type(type);
        var columns = scaled.t();
        var inverse = logInclusion?.neg().exp_().to_type(type);
        var loss = zeros(1, device: users.device);
        if (logInclusion is not null) loss.Increase(logInclusion.index_select(0, targets).sum());
        var block = Math.Max(1, (users.device_type == DeviceType.CUDA ? GpuBlockValues : BlockValues) / candidates.shape[0]);
        for (long first = 0; first < rows; first += block)
        {
            using var scope = NewDisposeScope();
            var size = Math.Min(block, rows - first);
            var part = left.narrow(0, first, size);
            var right = targets.narrow(0, first, size).unsqueeze(1);
            var scores = mm(part, columns);
            loss.Decrease(scores.gather(1, right).sum(ScalarType.Float32));
            // Rows stay unnormalised, and the small matrices are divided by the rows' sums instead.
            scores.exp_();
            if (inverse is not null) scores.mul_(inverse);
            var sums = scores.sum(1, keepdim: true, type: ScalarType.Float32);
            loss.Increase(sums.log().sum());
            scores.scatter_add_(1, right, -sums.to_type(type));
            byUsers.narrow(0, first, size).copy_(mm(scores, scaled)).div_(sums);
            byCandidates.Increase(mm(scores.t(), (part / sums).to_type(type)));
        }
        return (loss.Divide(rows), byUsers.Divide(rows), byCandidates.Divide(rows * temperature));
    }
}
