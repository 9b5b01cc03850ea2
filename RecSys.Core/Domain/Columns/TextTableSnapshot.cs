namespace RecSys.Core.Domain.Columns;

/// <summary>A <see cref="TextTable"/> at one moment; what is added to it later is left out.</summary>
internal sealed class TextTableSnapshot(long[]?[] places, int count, ArenaSnapshot texts)
{
    public void Write(CheckedWriter to)
    {
        texts.Write(to);
        to.Numbers(count);
        var column = new long[TextTable.Chunk];
        for (var from = 0; from < count; from += column.Length)
        {
            var chunk = places[from / column.Length];
            var length = Math.Min(column.Length, count - from);
            for (var i = 0; i < length; i++)
            {
                var place = chunk is null ? TextArena.Nowhere : Volatile.Read(ref chunk[i]);
                column[i] = texts.Holds(place) ? place : TextArena.Nowhere;
            }
            to.Block<long>(column.AsSpan(0, length));
        }
    }
}
