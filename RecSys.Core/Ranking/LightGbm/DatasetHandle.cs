using Microsoft.Win32.SafeHandles;

namespace RecSys.Core.Ranking.LightGbm;

/// <summary>Owns a LightGBM <c>Dataset</c>.</summary>
internal sealed class DatasetHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public DatasetHandle() : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle() => LightGbmNative.DatasetFree(handle) == 0;
}
