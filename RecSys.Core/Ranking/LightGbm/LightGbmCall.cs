using System.Runtime.InteropServices;
using RecSys.Core.Domain;

namespace RecSys.Core.Ranking.LightGbm;

/// <summary>Turns a return code of LightGBM into an exception that carries LightGBM's own words.</summary>
internal static unsafe class LightGbmCall
{
    /// <exception cref="RecSysException">The code is not 0.</exception>
    public static void Check(int code, string doing)
    {
        if (code == 0) return;
        // The message belongs to the calling thread, so nothing else may run in between.
        var reason = Marshal.PtrToStringUTF8((nint)LightGbmNative.GetLastError());
        throw new RecSysException($"LightGBM could not {doing}: {reason}");
    }
}
