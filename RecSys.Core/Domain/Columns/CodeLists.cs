namespace RecSys.Core.Domain.Columns;

/// <summary>
/// A list of codes per item number, in blocks of <see cref="CodeBlock.Items"/> items; a block is replaced by a copy when the list of one of
/// its items changes. One writer, any number of readers without locks.
/// </summary>
internal sealed class CodeLists
{
    private CodeBlock?[] blocks = new CodeBlock?[16];

    /// <summary>The block that the number is in.</summary>
    public CodeBlock BlockOf(int number)
    {
        var directory = Volatile.Read(ref blocks);
        var at = number / CodeBlock.Items;
        return at < directory.Length ? Volatile.Read(ref directory[at]) ?? CodeBlock.Empty : CodeBlock.Empty;
    }

    /// <summary>The codes of an item.</summary>
    public ReadOnlySpan<int> this[int number] => BlockOf(number).Of(number % CodeBlock.Items);

    /// <summary>Gives an item its codes; for the writer.</summary>
    public void Set(int number, ReadOnlySpan<int> codes)
    {
        var old = BlockOf(number);
        if (old.Of(number % CodeBlock.Items).SequenceEqual(codes)) return;
        var at = number / CodeBlock.Items;
        var directory = blocks;
        if (at >= directory.Length)
        {
            Array.Resize(ref directory, Math.Max(at + 1, directory.Length * 2));
            Volatile.Write(ref blocks, directory);
        }
        Volatile.Write(ref directory[at], old.With(number % CodeBlock.Items, codes));
    }
}
