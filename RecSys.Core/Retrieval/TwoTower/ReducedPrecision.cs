using System.Runtime.Intrinsics.X86;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Matrix products in bfloat16 where the hardware multiplies it natively (several times faster than float32); weights, sums, softmax and
/// optimiser state stay float32. Used in training only: validation and serving compute in float32.
/// </summary>
internal static class ReducedPrecision
{
    /// <summary>True on a GPU, and on a processor with AVX512_BF16; elsewhere libtorch would emulate it slowly.</summary>
    public static bool IsFastOn(Device device) => device.type == DeviceType.CUDA || ProcessorHasIt;

    // CPUID leaf 7.1, EAX bit 5.
    private static bool ProcessorHasIt { get; } = X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7
        && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;

    /// <summary>Applies the layer in the given type, which is also the result's.</summary>
    public static Tensor Apply(Linear layer, Tensor x, ScalarType type) =>
        nn.functional.linear(x.to_type(type), layer.weight.to_type(type), layer.bias?.to_type(type));
}
