using RecSys.Core.Domain;

namespace RecSys.Core.Training.Rows;

/// <summary>The items that one user has had: chosen ones, and others that the user rated without a wish. Not thread-safe.</summary>
internal sealed class TurnedTo
{
    // Item and, in the lowest bit, whether it was chosen; ascending.
    private int[] cells;

    public TurnedTo() : this([], 0)
    {
    }

    private TurnedTo(int[] cells, int count) => (this.cells, Count) = (cells, count);

    /// <summary>Number of items.</summary>
    public int Count { get; private set; }

    /// <summary>The items in a form that <see cref="Of"/> reads.</summary>
    public ReadOnlySpan<int> Cells => cells.AsSpan(0, Count);

    /// <summary>From the cells of another one.</summary>
    /// <exception cref="RecSysException">They are not in order.</exception>
    public static TurnedTo Of(int[] cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (cells[i] < 0 || (i > 0 && cells[i] >> 1 <= cells[i - 1] >> 1))
                throw new RecSysException("The items of a user are not in order.");
        }
        return new TurnedTo(cells, cells.Length);
    }

    public void Add(int item, bool chosen)
    {
        var at = Find(item);
        if (at >= 0)
        {
            if (chosen) cells[at] |= 1;
            return;
        }
        if (Count == cells.Length) Array.Resize(ref cells, Math.Max(4, Count * 2));
        Array.Copy(cells, ~at, cells, ~at + 1, Count - ~at);
        cells[~at] = item << 1 | (chosen ? 1 : 0);
        Count++;
    }

    /// <summary>Takes in everything of another user.</summary>
    public void Add(TurnedTo other)
    {
        foreach (var cell in other.Cells) Add(cell >> 1, (cell & 1) != 0);
    }

    /// <summary>True for an item that the user has had.</summary>
    public bool Had(int item) => Find(item) >= 0;

    /// <summary>True for an item that the user wished for.</summary>
    public bool Chose(int item) => Find(item) is >= 0 and var at && (cells[at] & 1) != 0;

    /// <summary>The items that the user wished for, ascending.</summary>
    public IEnumerable<int> Chosen()
    {
        for (var i = 0; i < Count; i++)
        {
            if ((cells[i] & 1) != 0) yield return cells[i] >> 1;
        }
    }

    // The place of the item, or the complement of where it belongs.
    private int Find(int item)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var found = cells[middle] >> 1;
            if (found == item) return middle;
            if (found < item) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }
}
