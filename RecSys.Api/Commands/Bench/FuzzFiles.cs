using System.IO.Compression;
using System.Text;
using RecSys.Core.Import;
using RecSys.Core.Storage.Parquet;
using ZstdSharp;

namespace RecSys.Api.Commands.Bench;

/// <summary>Writes files for each reader: rows that are right, rows that are wrong, and then damage to the bytes.</summary>
internal sealed class FuzzFiles(Random random, string folder)
{
    private readonly FuzzRows rows = new(random);

    internal FuzzFile Write(string reader, RecordKind kind)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        return reader switch
        {
            "csv" or "csv.gz" or "csv.zst" => Packed(reader, Damaged(rows.Table(kind))),
            "jsonl" => One("rows.jsonl", Damaged(rows.Lines(kind)), headers: 0),
            "json" => Array(kind),
            "parquet" => Parquet(kind),
            "gorse" => One("gorse.jsonl", Damaged(rows.Gorse()), headers: 0),
            "metarank" => One("metarank.jsonl", Damaged(rows.Metarank()), headers: 0),
            "movielens" => Folder(headers: 0, rows.MovieLens()),
            "kuairand" => Folder(headers: 1, rows.KuaiRand()),
            "open-bandit" => Folder(headers: 1, rows.OpenBandit()),
            _ => Folder(headers: 1, rows.RecBole()),
        };
    }

    private FuzzFile One(string name, byte[] content, int headers)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        var (fewest, most) = Count(content, headers);
        return new FuzzFile(path, fewest, most, Sample(content));
    }

    private FuzzFile Packed(string reader, byte[] content)
    {
        var plain = One("rows.csv", content, headers: 1);
        if (reader == "csv") return plain;
        using var packed = new MemoryStream();
        using (Stream packing = reader == "csv.gz" ? new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)
            : new CompressionStream(packed, leaveOpen: true))
            packing.Write(content);
        var bytes = packed.ToArray();
        // Half of the time the damage is in the package, where a checksum or a length shows it.
        if (random.Next(2) == 0 && reader == "csv.gz") bytes = FuzzDamage.Of(random, bytes);
        else if (random.Next(2) == 0) bytes = bytes[..random.Next(4, bytes.Length)];
        var path = Path.Combine(folder, $"rows.{reader}");
        File.WriteAllBytes(path, bytes);
        // Damage may join another package to it or unpack to another content of the same checksum's luck; then only crashes count.
        return plain with { Path = path, FewestRows = bytes.AsSpan().SequenceEqual(packed.ToArray()) ? plain.FewestRows : -1 };
    }

    private FuzzFile Array(RecordKind kind)
    {
        var elements = rows.Objects(kind);
        var content = Encoding.UTF8.GetBytes($"[{string.Join(random.Next(2) == 0 ? "," : ",\n ", elements)}]");
        var damaged = Damaged(content);
        // Undamaged, each element is a row, however many lines it covers.
        var file = One("rows.json", damaged, headers: 0);
        return damaged.AsSpan().SequenceEqual(content)
            ? file with { FewestRows = elements.Count, MostRows = long.MaxValue } : file with { FewestRows = -1 };
    }

    private FuzzFile Parquet(RecordKind kind)
    {
        var path = Path.Combine(folder, "rows.parquet");
        var (columns, values) = rows.Typed(kind);
        ParquetSample.Write(path, columns, values);
        var count = values.Count;
        var content = File.ReadAllBytes(path);
        var damaged = Damaged(content);
        File.WriteAllBytes(path, damaged);
        return new FuzzFile(path, damaged.AsSpan().SequenceEqual(content) ? count : -1, count, "(Parquet)");
    }

    private FuzzFile Folder(int headers, IReadOnlyList<(string Name, byte[] Content)> parts)
    {
        var (fewest, most, sample) = (0L, 0L, new StringBuilder());
        foreach (var (name, whole) in parts)
        {
            var content = random.Next(2) == 0 ? whole : Damaged(whole);
            var part = One(name, content, headers);
            fewest += part.FewestRows;
            most += part.MostRows;
            sample.Append(name).Append(": ").AppendLine(part.Sample);
        }
        return new FuzzFile(folder, fewest, most, sample.ToString());
    }

    private byte[] Damaged(byte[] content) => random.Next(3) == 0 ? content : FuzzDamage.Of(random, content);

    // Independent of the readers: what is between line ends.
    private static (long Fewest, long Most) Count(byte[] content, int headers)
    {
        var text = Encoding.Latin1.GetString(content);
        var fewest = text.Split('\n').Count(line => line.Trim(' ', '\t', '\r', 'ï', '»', '¿').Length > 0);
        var most = text.ReplaceLineEndings("\n").Replace('\r', '\n').Split('\n').Length;
        return (Math.Max(0, fewest - headers), most);
    }

    private static string Sample(byte[] content) =>
        string.Concat(Encoding.Latin1.GetString(content, 0, Math.Min(400, content.Length)).Select(sign => char.IsControl(sign)
            && sign != '\n' ? '·' : sign));
}
