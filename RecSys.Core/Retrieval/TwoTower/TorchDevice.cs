using RecSys.Core.Domain;
using static TorchSharp.torch;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>Where libtorch computes.</summary>
internal static class TorchDevice
{
    /// <summary>What the option may say.</summary>
    public const string Pattern = "^(auto|cpu|cuda)$";

    /// <param name="name"><c>auto</c> (CUDA where libtorch finds it, else the processor), <c>cpu</c> or <c>cuda</c>.</param>
    /// <param name="option">Full name of the option, for the message.</param>
    /// <exception cref="RecSysException">CUDA is asked for and not there.</exception>
    public static Device Choose(string name, string option)
    {
        if (name == "cpu") return CPU;
        if (cuda.is_available()) return CUDA;
        return name == "auto" ? CPU : throw new RecSysException(
            $"{option} is cuda, but libtorch finds no CUDA device. Build with -p:TorchBackend=cuda, install NVIDIA's driver and check "
                + "with nvidia-smi that it sees a GPU; or set the option to cpu or auto.");
    }

    /// <summary>
    /// The tensor on the device. A copy to a GPU leaves from pinned memory, so that it overlaps with the work that is queued there.
    /// </summary>
    public static Tensor Send(this Tensor tensor, Device device) =>
        device.type == TorchSharp.DeviceType.CUDA ? tensor.pin_memory().to(device, non_blocking: true) : tensor.to(device);
}
