using TorchSharp;
using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Arithmetic whose numbers outlive the native call. TorchSharp's operators make a <see cref="Scalar"/> in passing, for sums of tensors
/// too (the factor 1), and the collector may free it while libtorch reads it: training then dies now and then, most often where steps are
/// short and many.
/// </summary>
internal static class KeptScalars
{
    private static readonly Scalar one = 1;
    private static readonly Scalar minusOne = -1;

    /// <summary>A number to be held with <c>using</c> until the calls that read it have returned.</summary>
    public static Scalar Keep(double number) => number;

    /// <summary>Sum, as <c>+</c>.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, one);

    /// <summary>Adds in place, as <c>add_</c>.</summary>
    public static Tensor Increase(this Tensor left, Tensor right) => left.add_(right, one);

    /// <summary>Subtracts in place, as <c>sub_</c>.</summary>
    public static Tensor Decrease(this Tensor left, Tensor right) => left.add_(right, minusOne);

    /// <summary>Product with a number, as <c>*</c>.</summary>
    public static Tensor Times(this Tensor tensor, double factor)
    {
        using Scalar kept = factor;
        return tensor.mul(kept);
    }

    /// <summary>Multiplies by a number in place, as <c>mul_</c>.</summary>
    public static Tensor Multiply(this Tensor tensor, double factor)
    {
        using Scalar kept = factor;
        return tensor.mul_(kept);
    }

    /// <summary>Sum with a number, as <c>+</c>.</summary>
    public static Tensor Plus(this Tensor tensor, double number)
    {
        using Scalar kept = number;
        return tensor.add(kept, one);
    }

    /// <summary>Adds a number in place, as <c>add_</c>.</summary>
    public static Tensor Increase(this Tensor tensor, Scalar kept) => tensor.add_(kept, one);

    /// <summary>Adds a multiple in place, as <c>add_</c> with alpha.</summary>
    public static Tensor Increase(this Tensor left, Tensor right, double factor)
    {
        using Scalar kept = factor;
        return left.add_(right, kept);
    }

    /// <summary>True where a value is at least the number, as <c>ge</c>.</summary>
    public static Tensor IsAtLeast(this Tensor tensor, double number)
    {
        using Scalar kept = number;
        return tensor.ge(kept);
    }

    /// <summary>Each value to this power, as <c>pow</c>.</summary>
    public static Tensor Power(this Tensor tensor, double exponent)
    {
        using Scalar kept = exponent;
        return tensor.pow(kept);
    }

    /// <summary>Quotient by a number, as <c>/</c>.</summary>
    public static Tensor Over(this Tensor tensor, double divisor)
    {
        using Scalar kept = divisor;
        return tensor.div(kept);
    }

    /// <summary>Divides by a number in place, as <c>div_</c>.</summary>
    public static Tensor Divide(this Tensor tensor, double divisor)
    {
        using Scalar kept = divisor;
        return tensor.div_(kept);
    }
}
