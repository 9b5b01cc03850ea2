using System.Runtime.InteropServices;

namespace RecSys.Api.Commands;

/// <summary>Makes a child of the server, not the server, be the one that is refused memory or killed for it.</summary>
internal static partial class ChildLimits
{
    private const int Data = 2;
    private const int Core = 4;

    /// <param name="bytes">Most memory of this process.</param>
    public static void Keep(long bytes)
    {
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", "1000");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
        _ = SetLimit(Data, new Limit(bytes, bytes));
        _ = SetLimit(Core, new Limit(0, 0));
    }

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Limit(long Soft, long Hard);
}
