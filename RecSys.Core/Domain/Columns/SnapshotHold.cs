namespace RecSys.Core.Domain.Columns;

/// <summary>
/// What a catalogue and its snapshot have in common: as long as it is not released, columns that the snapshot has are not written.
/// </summary>
internal sealed class SnapshotHold
{
    private volatile bool released;

    public bool IsReleased => released;

    public void Release() => released = true;
}
