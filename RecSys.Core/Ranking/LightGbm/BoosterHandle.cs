using Microsoft.Win32.SafeHandles;

namespace RecSys.Core.Ranking.LightGbm;

/// <summary>Owns a LightGBM <c>Booster</c>.</summary>
internal sealed class BoosterHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public BoosterHandle() : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle() => LightGbmNative.BoosterFree(handle) == 0;
}
