namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>
/// An int for every number from 0 on, <see cref="Nothing"/> until it is set; grows as it must, a page of 4,096 numbers at a time. One
/// writer, any number of readers, no locks. What the writer wrote before <see cref="Set"/>, a reader of the value sees.
/// </summary>
internal sealed class NumberTable
{
    public const int Nothing = -1;
    private const int PageBits = 12;
    private const int PageSize = 1 << PageBits;

    private int[]?[] pages = [];

    public int Get(int number)
    {
        var all = Volatile.Read(ref pages);
        var page = (uint)number >> PageBits;
        return page < (uint)all.Length && Volatile.Read(ref all[page]) is { } values
            ? Volatile.Read(ref values[number & (PageSize - 1)]) : Nothing;
    }

    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public void Set(int number, int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        var page = number >> PageBits;
        if (page >= pages.Length)
        {
            var longer = new int[]?[Math.Max(page + 1, (int)Math.Min(pages.Length * 2L, (int.MaxValue >> PageBits) + 1))];
            pages.CopyTo(longer, 0);
            Volatile.Write(ref pages, longer);
        }
        if (pages[page] is not { } values)
        {
            if (value == Nothing) return;
            values = new int[PageSize];
            Array.Fill(values, Nothing);
            values[number & (PageSize - 1)] = value;
            Volatile.Write(ref pages[page], values);
            return;
        }
        Volatile.Write(ref values[number & (PageSize - 1)], value);
    }

    /// <summary>A copy with other values; <see cref="Nothing"/> stays.</summary>
    public NumberTable Select(Func<int, int> change)
    {
        var copy = new NumberTable
        {
            pages = Array.ConvertAll(pages, page => page is null
                ? null : Array.ConvertAll(page, value => value == Nothing ? Nothing : change(value))),
        };
        return copy;
    }
}
