using System.Text;

namespace RecSys.Core.Import.DataSets;

/// <summary>Keeps rows on disk until they can be stored, however many there are; the file goes with this object.</summary>
internal sealed class OpenBanditSpool : IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly FileStream file;
    private readonly BinaryWriter writer;

    /// <param name="dataFolder">The file goes to <c>imports/</c> in it.</param>
    internal OpenBanditSpool(string dataFolder)
    {
        var folder = Directory.CreateDirectory(Path.Combine(dataFolder, "imports")).FullName;
        file = new FileStream(
            Path.Combine(folder, $"{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferBytes,
            FileOptions.DeleteOnClose);
        writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true);
    }

    internal long Count { get; private set; }

    internal void Add(OpenBanditRow row)
    {
        foreach (var text in (ReadOnlySpan<string>)[row.Id, row.User, row.Item, row.Policy, row.Campaign]) writer.Write(text);
        writer.Write(row.TimeMs);
        writer.Write(row.Propensity);
        Count++;
    }

    /// <summary>All rows in the order in which they came.</summary>
    internal IEnumerable<OpenBanditRow> Read()
    {
        writer.Flush();
        file.Position = 0;
        using var reader = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
        for (var i = 0L; i < Count; i++)
        {
            yield return new OpenBanditRow(
                reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString(),
                reader.ReadInt64(), reader.ReadDouble());
        }
    }

    public void Dispose()
    {
        writer.Dispose();
        file.Dispose();
    }
}
