using Microsoft.Win32.SafeHandles;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>Owns one object of FAISS and frees it once, after the last call that still uses it.</summary>
internal sealed unsafe class FaissHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly delegate* unmanaged<nint, void> free;

    public FaissHandle(nint value, delegate* unmanaged<nint, void> free) : base(ownsHandle: true)
    {
        this.free = free;
        SetHandle(value);
    }

    protected override bool ReleaseHandle()
    {
        free(handle);
        return true;
    }
}
