namespace RecSys.Core.Retrieval.ItemTables;

/// <summary>For each item some others with weights, as one sparse table: 8 bytes per pair and 4 per item. Rows are item ordinals.</summary>
public sealed class ItemTable
{
    /// <summary>Most others per item that a table of a bundle may have.</summary>
    public const int MostPerItem = 100;

    private readonly int[] starts;
    private readonly int[] others;
    private readonly float[] weights;

    /// <param name="starts">Where each item's part begins; one more than there are items.</param>
    /// <param name="others">Item rows.</param>
    /// <param name="weights">One per pair, above 0.</param>
    internal ItemTable(int[] starts, int[] others, float[] weights)
    {
        this.starts = starts;
        this.others = others;
        this.weights = weights;
    }

    /// <summary>Number of items.</summary>
    public int Count => starts.Length - 1;

    internal ReadOnlySpan<int> Starts => starts;
    internal ReadOnlySpan<int> Others => others;
    internal ReadOnlySpan<float> Weights => weights;

    /// <summary>Item rows that belong to an item, in the order in which the table was made.</summary>
    public ReadOnlySpan<int> Of(int item) => others.AsSpan(starts[item]..starts[item + 1]);

    /// <summary>Weights of <see cref="Of"/>, above 0.</summary>
    public ReadOnlySpan<float> WeightsOf(int item) => weights.AsSpan(starts[item]..starts[item + 1]);

    /// <summary>Copies what belongs to an item.</summary>
    /// <param name="item">Row.</param>
    /// <param name="into">Gets rows; <see cref="MostPerItem"/> long.</param>
    /// <param name="weightsInto">Gets as many weights.</param>
    /// <returns>How many there are.</returns>
    public int Read(int item, Span<int> into, Span<float> weightsInto)
    {
        var found = Of(item);
        found.CopyTo(into);
        WeightsOf(item).CopyTo(weightsInto);
        return found.Length;
    }
}
