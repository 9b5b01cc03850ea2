using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace RecSys.Core.Features;

/// <summary>
/// Asks the processor to fetch memory that will be read soon. Changes nothing but the time; does nothing where there is no such
/// instruction.
/// </summary>
internal static unsafe class CacheLines
{
    private const int Line = 64;

    /// <summary>All lines of a value.</summary>
    public static void Ask<T>(ref readonly T value)
        where T : struct => Ask(ref Unsafe.As<T, byte>(ref Unsafe.AsRef(in value)), Unsafe.SizeOf<T>());

    /// <summary>The first line of a value, and with it the way to its page.</summary>
    public static void AskFirst<T>(ref readonly T value)
        where T : struct => Ask(ref Unsafe.As<T, byte>(ref Unsafe.AsRef(in value)), 1);

    /// <summary>All lines of a vector.</summary>
    public static void Ask(ReadOnlySpan<float> vector) =>
        Ask(ref Unsafe.As<float, byte>(ref MemoryMarshal.GetReference(vector)), vector.Length * sizeof(float));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ask(ref byte first, int bytes)
    {
        if (!Sse.IsSupported || bytes == 0) return;
        // The address may be stale when the collector moves the memory in between; asking for a wrong line, or for one that does not exist,
        // does no harm.
        var at = (byte*)Unsafe.AsPointer(ref first);
        for (var offset = 0; offset < bytes; offset += Line) Sse.Prefetch0(at + offset);
        Sse.Prefetch0(at + bytes - 1);
    }
}
