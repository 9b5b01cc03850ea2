namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>What a search of the delta has seen: tells of rows of the large index whether they still count beside what it found.</summary>
internal readonly struct DeltaView
{
    private readonly DeltaState state;
    private readonly int rows;

    public DeltaView(DeltaState state, int rows) => (this.state, this.rows) = (state, rows);

    /// <summary>False where the item has a newer vector or is removed.</summary>
    public bool LeavesLargeRowOf(int item) => state.PlaceOf(item, rows) == NumberTable.Nothing;

    /// <summary>True when this slot held the item's newest vector.</summary>
    public bool IsNewest(int item, int slot) => state.PlaceOf(item, rows) == slot;
}
