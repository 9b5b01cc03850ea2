namespace RecSys.Core.Storage.Payloads;

/// <summary>Item numbers of a list by position.</summary>
internal static class ListShownPayload
{
    private const byte Newest = 1;

    internal static void Write(PayloadWriter writer, IReadOnlyList<int> items)
    {
        writer.Byte(Newest);
        writer.Count(items.Count);
        foreach (var item in items) writer.Count(item);
    }

    internal static int[] Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new PayloadReader(bytes);
        reader.Version(Newest);
        var items = new int[reader.Count()];
        for (var i = 0; i < items.Length; i++) items[i] = reader.Number();
        return items;
    }
}
