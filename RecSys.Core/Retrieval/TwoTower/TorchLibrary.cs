using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using TorchSharp;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Whether TorchSharp's native library can be loaded, asked before TorchSharp itself does it: where it cannot, TorchSharp copies 600 MB
/// of libraries about and prints forty lines first.
/// </summary>
public static class TorchLibrary
{
    /// <summary>Loads the library, or says what to do. Cheap when it is loaded already.</summary>
    /// <exception cref="RecSysException">It cannot be loaded.</exception>
    public static void Require()
    {
        // The libraries of a CUDA build come in parts that TorchSharp puts together.
        if (!OperatingSystem.IsLinux() || HasCudaParts()) return;
        try
        {
            NativeLibrary.Load("torch_cpu", typeof(torch).Assembly, null);
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
        {
            var old = failure.Message.Contains("GLIBCXX", StringComparison.Ordinal);
            throw new RecSysException(
                $"TorchSharp's native library cannot be loaded{(old ? ": this system's libstdc++ is older than it needs" : "")}. "
                    + "Training needs it. "
                + "Run ./eng/setup.sh, which prepares it for this system, and build again.",
                failure);
        }
    }

    private static bool HasCudaParts()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");
        return Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*cuda*").Any();
    }
}
