using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Expressions.Plans;

/// <summary>A field of items whose values are texts: each is the code of one.</summary>
internal abstract class CodeSource
{
    /// <summary>The code of the items that have no value.</summary>
    public abstract int None { get; }

    /// <summary>The code of a text; -2 for one that no item has.</summary>
    public abstract int Find(string text);

    /// <summary>The codes of a batch, <see cref="ItemBatch.Padded"/> of them.</summary>
    public abstract ReadOnlySpan<int> Read(in ItemBatch batch, Span<int> scratch);
}

/// <summary>Codes of a column of <see cref="FieldColumns"/>.</summary>
internal sealed class ColumnCodes(ValueColumn<int> column, Func<string, int> find) : CodeSource
{
    public override int None => column.None;

    public override int Find(string text) => find(text);

    public override ReadOnlySpan<int> Read(in ItemBatch batch, Span<int> scratch) => batch.Read(column, scratch);
}

/// <summary>Categories; an empty one is none.</summary>
internal sealed class CategoryCodes(Domain.ItemCatalog catalog) : CodeSource
{
    public override int None { get; } = catalog.TryFindCategory("", out var code) ? code : -1;

    public override int Find(string text) => catalog.TryFindCategory(text, out var code) ? code : -2;

    public override ReadOnlySpan<int> Read(in ItemBatch batch, Span<int> scratch)
    {
        if (batch.IsRun)
            return batch.Catalog.CategoryChunk(batch.First).Slice(batch.First % ValueColumn<int>.ChunkItems, batch.Padded);
        for (var i = 0; i < batch.Items.Length; i++) scratch[i] = batch.Catalog.CategoryOf(batch.Items[i]);
        return scratch[..batch.Padded];
    }
}
