using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Domain;

public sealed partial class ItemCatalog
{
    /// <summary>Attributes that have a column unless <see cref="KeepFields"/> says otherwise.</summary>
    public const int DefaultMaxAttributes = 64;

    private readonly Lock fieldGate = new();
    private FieldColumns? fields;

    /// <summary>
    /// The columns of fields that expressions ask for, made of all items when they are first asked for, and kept from then on. Whoever
    /// serves calls <see cref="KeepFields"/> before.
    /// </summary>
    internal FieldColumns Fields => Volatile.Read(ref fields) ?? KeepFields(DefaultMaxAttributes);

    /// <summary>Makes the columns of fields, unless there are some: about a second per million items, during which nobody writes.</summary>
    /// <param name="maxAttributes">Attributes that have a column, those that come first.</param>
    internal FieldColumns KeepFields(int maxAttributes)
    {
        lock (fieldGate)
        {
            if (fields is { } known) return known;
            var made = new FieldColumns(maxAttributes);
            for (var number = 0; number < Count; number++)
            {
                if (IsRemoved(number)) continue;
                var item = this[number];
                made.Put(number, item, CreatorOf(item));
            }
            Volatile.Write(ref fields, made);
            return made;
        }
    }

    /// <summary>The code of a category; false for one that no item ever had.</summary>
    internal bool TryFindCategory(string name, out int code) => categories.TryFind(name, out code);

    /// <summary>The code of a creator; false for one that no item ever had.</summary>
    internal bool TryFindCreator(string name, out int code) => creators.TryFind(name, out code);

    /// <summary>Category codes of the <see cref="ValueColumn{T}.ChunkItems"/> items among which the number is.</summary>
    internal ReadOnlySpan<int> CategoryChunk(int number) => ChunkOf(number).Categories;

    /// <summary>As <see cref="CategoryChunk"/>, of <see cref="CreatedMs"/>.</summary>
    internal ReadOnlySpan<long> CreatedChunk(int number) => ChunkOf(number).Created;

    /// <summary>As <see cref="CategoryChunk"/>, of flags; <see cref="ItemChunk.Servable"/> is one of them.</summary>
    internal ReadOnlySpan<byte> FlagChunk(int number) => ChunkOf(number).Flags;

    /// <summary>Code of an item's creator; -1 where it has none.</summary>
    internal int CreatorOf(int number) => Fields.Creators[number];

    private int CreatorOf(Item item) => item.Creator is { } creator && creators.TryFind(creator, out var code) ? code : -1;

    // Behind the rest of the item, so that whoever makes the columns meanwhile either sees the item or is told of it.
    private void TellFields(int number, Item item)
    {
        lock (fieldGate) fields?.Put(number, item, CreatorOf(item));
    }
}
