using System.Runtime.Intrinsics;
using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Expressions.Plans;

/// <summary>Is the text one of some? Unknown where an item has none.</summary>
internal sealed class CodeSetPlan : TruthPlan
{
    // Fewer are compared one by one, 16 items at once.
    private const int Few = 4;

    private readonly CodeSource source;
    private readonly int[] codes;
    private readonly ulong[] table = [];

    public CodeSetPlan(CodeSource source, IEnumerable<string> texts)
    {
        this.source = source;
        codes = [.. texts.Select(source.Find).Where(code => code >= 0 && code != source.None).Distinct()];
        if (codes.Length <= Few) return;
        table = new ulong[codes.Max() / 64 + 1];
        foreach (var code in codes) table[code >> 6] |= 1UL << (code & 63);
    }

    public override void Evaluate(in ItemBatch batch, Span<ulong> yes, Span<ulong> no)
    {
        Span<int> scratch = stackalloc int[ItemBatch.Most];
        var column = source.Read(in batch, scratch);
        for (var word = 0; word < yes.Length; word++)
        {
            var part = column.Slice(word * 64, 64);
            var unknown = Equal(part, source.None);
            ulong found = 0;
            if (table.Length > 0)
            {
                for (var i = 0; i < part.Length; i++)
                {
                    var code = part[i];
                    if ((uint)(code >> 6) < (uint)table.Length) found |= (table[code >> 6] >> (code & 63) & 1) << i;
                }
            }
            else
            {
                foreach (var code in codes) found |= Equal(part, code);
            }
            (yes[word], no[word]) = (found, ~(found | unknown));
        }
    }

    private static ulong Equal(ReadOnlySpan<int> part, int code)
    {
        ulong bits = 0;
        var wanted = Vector512.Create(code);
        for (var i = 0; i < 64; i += Vector512<int>.Count)
            bits |= Vector512.Equals(Vector512.Create(part[i..]), wanted).ExtractMostSignificantBits() << i;
        return bits;
    }
}

/// <summary>Does an item have a text at all?</summary>
internal sealed class KnownTextPlan(CodeSource source) : TruthPlan
{
    public override void Evaluate(in ItemBatch batch, Span<ulong> yes, Span<ulong> no)
    {
        Span<int> scratch = stackalloc int[ItemBatch.Most];
        var column = source.Read(in batch, scratch);
        for (var word = 0; word < yes.Length; word++)
        {
            ulong known = 0;
            for (var i = 0; i < 64; i++) known |= (column[word * 64 + i] != source.None ? 1UL : 0) << i;
            (yes[word], no[word]) = (known, ~known);
        }
    }
}

/// <summary>
/// Has the list of an item any of some texts? Without texts: has it any at all? Never unknown: an item without a list has an empty one.
/// </summary>
internal sealed class ListHasPlan(CodeLists lists, int[]? codes) : TruthPlan
{
    public override void Evaluate(in ItemBatch batch, Span<ulong> yes, Span<ulong> no)
    {
        yes.Clear();
        if (!batch.IsRun)
        {
            for (var i = 0; i < batch.Items.Length; i++)
            {
                var list = lists[batch.Items[i]];
                if (codes is null ? !list.IsEmpty : list.ContainsAny(codes)) yes[i >> 6] |= 1UL << (i & 63);
            }
        }
        else
        {
            for (var from = 0; from < batch.Count; from += CodeBlock.Items) Walk(lists.BlockOf(batch.First + from), yes[(from >> 6)..]);
        }
        for (var word = 0; word < yes.Length; word++) no[word] = ~yes[word];
    }

    // The last item whose list begins at the place or before it. Items without a list begin where the next one does.
    private static int RowOf(ReadOnlySpan<int> starts, int at, int low)
    {
        for (var high = CodeBlock.Items - 1; low < high;)
        {
            var middle = (low + high + 1) / 2;
            if (starts[middle] <= at) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    // A block is two words; the second may lie behind the end.
    private void Walk(CodeBlock block, Span<ulong> yes)
    {
        var all = block.Codes;
        var starts = block.Starts;
        var row = 0;
        for (var at = 0; at < all.Length; at = starts[row])
        {
            var next = codes is null ? 0 : all[at..].IndexOfAny(codes);
            if (next < 0) return;
            at += next;
            row = RowOf(starts, at, row);
            if (row >> 6 >= yes.Length) return;
            yes[row >> 6] |= 1UL << (row & 63);
            row++;
        }
    }
}
