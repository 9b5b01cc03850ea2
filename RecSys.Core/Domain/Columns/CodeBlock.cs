namespace RecSys.Core.Domain.Columns;

/// <summary>The lists of codes of some items that stand one behind the other; never changed.</summary>
internal sealed class CodeBlock
{
    /// <summary>Items of a block.</summary>
    public const int Items = 128;

    /// <summary>A block whose items have nothing.</summary>
    public static readonly CodeBlock Empty = new(new int[Items + 1], []);

    private readonly int[] starts;
    private readonly int[] codes;

    private CodeBlock(int[] starts, int[] codes) => (this.starts, this.codes) = (starts, codes);

    /// <summary>All codes, those of the first item first.</summary>
    public ReadOnlySpan<int> Codes => codes;

    /// <summary>Where the codes of each item begin in <see cref="Codes"/>, and behind the last where they end.</summary>
    public ReadOnlySpan<int> Starts => starts;

    /// <param name="row">Place in the block.</param>
    public ReadOnlySpan<int> Of(int row) => codes.AsSpan(starts[row], starts[row + 1] - starts[row]);

    /// <summary>The same with other codes for one item.</summary>
    public CodeBlock With(int row, ReadOnlySpan<int> next)
    {
        var longer = next.Length - (starts[row + 1] - starts[row]);
        var newStarts = (int[])starts.Clone();
        for (var i = row + 1; i <= Items; i++) newStarts[i] += longer;
        var newCodes = new int[codes.Length + longer];
        codes.AsSpan(0, starts[row]).CopyTo(newCodes);
        next.CopyTo(newCodes.AsSpan(starts[row]));
        codes.AsSpan(starts[row + 1]).CopyTo(newCodes.AsSpan(newStarts[row + 1]));
        return new CodeBlock(newStarts, newCodes);
    }
}
