using System.Runtime.InteropServices;
using TorchSharp;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Process-wide settings for training on Linux. OpenMP threads spin while they wait for each other, and on a busy machine they wait for a
/// thread that is not running: they are told to sleep instead, before the library is loaded. And glibc gives every buffer of a step back to
/// the system, which costs more in page faults than the arithmetic: it is told to keep them until training ends.
/// </summary>
internal sealed partial class TorchRuntime : IDisposable
{
    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;
    private const int TrimAbove = 1 << 30;

    // The largest value that glibc accepts; beyond it the call fails without effect.
    private const int MapAbove = 32 << 20;

    private static readonly Lock Gate = new();
    private static bool told;

    private TorchRuntime()
    {
    }

    public static TorchRuntime Use(int threads)
    {
        lock (Gate)
        {
            if (!told && OperatingSystem.IsLinux())
            {
                // .NET's own environment never reaches native code on Unix. An operator's setting wins.
                _ = SetEnvironment("OMP_WAIT_POLICY", "passive", 0);
                // Zero, "refused", only means slower training.
                OnGlibc(() => _ = SetAllocator(TrimThreshold, TrimAbove));
                OnGlibc(() => _ = SetAllocator(MapThreshold, MapAbove));
            }
            told = true;
        }
        TorchLibrary.Require();
        torch.set_num_threads(threads);
        return new TorchRuntime();
    }

    /// <summary>Gives the kept memory back.</summary>
    public void Dispose()
    {
        if (OperatingSystem.IsLinux()) OnGlibc(() => _ = TrimAllocator(0));
    }

    // Other C libraries lack these entry points and the problem.
    private static void OnGlibc(Action call)
    {
        try
        {
            call();
        }
        catch (EntryPointNotFoundException)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetAllocator(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimAllocator(nuint keep);
}
