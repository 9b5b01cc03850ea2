using System.Runtime.InteropServices;
using TorchSharp;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Sets the threads of libtorch. Its OpenMP threads spin while they wait for each other, and on a machine that also serves they then wait for
/// a thread that is not running: steps become several times slower. So they are told to sleep instead, before the library is loaded.
/// </summary>
internal static partial class TorchThreads
{
    private static readonly Lock Gate = new();
    private static bool told;

    public static void Use(int threads)
    {
        lock (Gate)
        {
            // .NET's own environment never reaches native code on Unix. An operator's setting wins.
            if (!told && OperatingSystem.IsLinux()) _ = SetEnvironment("OMP_WAIT_POLICY", "passive", 0);
            told = true;
        }
        torch.set_num_threads(threads);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
