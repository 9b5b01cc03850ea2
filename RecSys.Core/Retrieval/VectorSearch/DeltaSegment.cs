namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>
/// Up to <see cref="Rows"/> vectors in the order in which they came, growing by doubling until it is full and sealed. A row never changes
/// once it is counted; only its mark as dead comes later.
/// </summary>
internal sealed class DeltaSegment(int dimension, int capacity)
{
    public const int Rows = 50_000;

    /// <summary>Rows that are scored together; one word of marks.</summary>
    public const int BlockRows = 64;

    private const int FirstRows = 1024;

    private readonly int[] items = new int[capacity];
    private readonly int[] previous = new int[capacity];
    private readonly int[] cells = new int[capacity];
    private readonly int[] nextInCell = new int[capacity];
    private readonly ulong[] dead = new ulong[(capacity + BlockRows - 1) / BlockRows];
    private float[] vectors = new float[Math.Min(FirstRows, capacity) * dimension];

    public int ItemAt(int row) => items[row];

    /// <summary>Where the item's vector was before this one.</summary>
    public int PreviousOf(int row) => previous[row];

    public ReadOnlySpan<float> VectorAt(int row) => Volatile.Read(ref vectors).AsSpan(row * dimension, dimension);

    public ReadOnlySpan<float> Block(int first, int count) => Volatile.Read(ref vectors).AsSpan(first * dimension, count * dimension);

    /// <summary>A bit for each of the 64 rows from a multiple of 64 on.</summary>
    public ulong DeadIn(int first) => Volatile.Read(ref dead[first / BlockRows]);

    /// <summary>The cell of the large index in which the row stands.</summary>
    public int CellOf(int row) => cells[row];

    /// <summary>The slot of the row that came into the cell before this one, or <see cref="NumberTable.Nothing"/>.</summary>
    public int NextInCell(int row) => nextInCell[row];

    /// <summary>Writes the next row; the caller counts it afterwards.</summary>
    public void Write(int row, int item, int before, ReadOnlySpan<float> vector, int cell, int next)
    {
        if ((row + 1) * dimension > vectors.Length)
        {
            var larger = new float[Math.Min(capacity, 2 * row) * dimension];
            vectors.AsSpan(0, row * dimension).CopyTo(larger);
            Volatile.Write(ref vectors, larger);
        }
        vector.CopyTo(vectors.AsSpan(row * dimension, dimension));
        (items[row], previous[row], cells[row], nextInCell[row]) = (item, before, cell, next);
    }

    public void MarkDead(int row) => Volatile.Write(ref dead[row / BlockRows], dead[row / BlockRows] | 1UL << (row % BlockRows));
}
