using System.Text;
using RecSys.Core.Merchandising;

namespace RecSys.Core.Events;

/// <summary>The merchandising rules in a snapshot: how many, and the id and the canonical form of each.</summary>
internal sealed class RulePart(RuleBook book) : IFrozenPart
{
    public const int Version = 1;

    public string Name => SnapshotParts.Rules;
    public int FormatVersion => Version;

    public static RuleBook Read(Stream from)
    {
        using var reader = new BinaryReader(from, Encoding.UTF8, leaveOpen: true);
        var texts = new List<KeyValuePair<string, string>>();
        for (var left = reader.ReadInt32(); left > 0; left--) texts.Add(KeyValuePair.Create(reader.ReadString(), reader.ReadString()));
        return RuleBook.Of(texts);
    }

    public void Write(Stream to)
    {
        using var writer = new BinaryWriter(to, Encoding.UTF8, leaveOpen: true);
        writer.Write(book.Count);
        foreach (var (id, text) in book.Texts)
        {
            writer.Write(id);
            writer.Write(text);
        }
    }

    public void Dispose()
    {
    }
}
