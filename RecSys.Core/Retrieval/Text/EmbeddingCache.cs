using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace RecSys.Core.Retrieval.Text;

/// <summary>
/// Embeddings by text, in memory and, when a folder is given, in one file per model: magic, dimension and count, the records (key, values),
/// then the sha256 of it all. When full, what the current run did not ask for makes room, and after that nothing more is taken in. Not
/// thread-safe. The file is a cache: unreadable means empty, unwritable means a warning.
/// </summary>
internal sealed class EmbeddingCache
{
    private const int HeaderSize = 16;
    private static ReadOnlySpan<byte> Magic => "RECSTXT1"u8;

    private readonly string? path;
    private readonly int dimension;
    private readonly int capacity;
    private readonly ILogger logger;
    private readonly Dictionary<TextKey, float[]> earlier = [];
    private readonly Dictionary<TextKey, float[]> current = [];
    private readonly Queue<TextKey> oldest = new();
    private bool changed;

    /// <param name="folder">Null: memory only.</param>
    /// <param name="modelHash">Hexadecimal digest of everything besides the text that the embeddings depend on.</param>
    /// <param name="dimension">Values per embedding.</param>
    /// <param name="capacity">Most embeddings kept.</param>
    /// <param name="logger">Hears why the file could not be used.</param>
    public EmbeddingCache(string? folder, string modelHash, int dimension, int capacity, ILogger logger)
    {
        (this.dimension, this.capacity, this.logger) = (dimension, capacity, logger);
        if (string.IsNullOrWhiteSpace(folder)) return;
        path = Path.Combine(folder, $"text-{modelHash[..32]}.embeddings");
        if (File.Exists(path)) Load();
    }

    public int Count => earlier.Count + current.Count;

    public bool TryGet(TextKey key, out float[] values)
    {
        if (current.TryGetValue(key, out values!)) return true;
        if (!earlier.Remove(key, out values!)) return false;
        current.Add(key, values);
        return true;
    }

    public void Add(TextKey key, float[] values)
    {
        while (Count >= capacity && oldest.TryDequeue(out var old)) earlier.Remove(old);
        if (Count < capacity) changed |= current.TryAdd(key, values);
    }

    /// <summary>Ends a run: what it asked for becomes the youngest of what is kept. Writes the file when something was added.</summary>
    public void Save()
    {
        foreach (var (key, values) in current) earlier.Add(key, values);
        // Used in the run last means last to go; the queue may still name entries that moved or went.
        var survivors = new HashSet<TextKey>(earlier.Keys);
        survivors.ExceptWith(current.Keys);
        var order = oldest.Where(survivors.Contains).Concat(current.Keys).ToArray();
        oldest.Clear();
        foreach (var key in order) oldest.Enqueue(key);
        current.Clear();
        if (!changed || path is null) return;
        try
        {
            Write(order);
            changed = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TextLog.CacheUnwritable(logger, path, e.Message);
        }
    }

    private void Load()
    {
        try
        {
            using var file = File.OpenRead(path!);
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var header = Next(file, HeaderSize, digest);
            var count = BitConverter.ToInt32(header.AsSpan(12));
            var record = TextKey.Size + dimension * sizeof(float);
            if (!header.AsSpan(0, 8).SequenceEqual(Magic) || BitConverter.ToInt32(header.AsSpan(8)) != dimension || count < 0
                || file.Length != HeaderSize + (long)count * record + SHA256.HashSizeInBytes)
            {
                throw new InvalidDataException("it is not a whole file of this model's embeddings");
            }
            for (var i = 0; i < count; i++)
            {
                var bytes = Next(file, record, digest);
                var key = TextKey.Read(bytes);
                if (earlier.Count < capacity && earlier.TryAdd(key, MemoryMarshal.Cast<byte, float>(bytes.AsSpan(TextKey.Size)).ToArray()))
                    oldest.Enqueue(key);
            }
            var stored = new byte[SHA256.HashSizeInBytes];
            file.ReadExactly(stored);
            if (!stored.AsSpan().SequenceEqual(digest.GetHashAndReset())) throw new InvalidDataException("its checksum does not match");
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            TextLog.CacheUnreadable(logger, path!, e.Message);
            earlier.Clear();
            oldest.Clear();
        }
    }

    private static byte[] Next(FileStream file, int length, IncrementalHash digest)
    {
        var bytes = new byte[length];
        file.ReadExactly(bytes);
        digest.AppendData(bytes);
        return bytes;
    }

    // One name for the unfinished file, opened exclusively: nothing piles up after a crash, and of two writers one gives way.
    private void Write(TextKey[] order)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = path + ".tmp";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
        {
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Span<byte> header = stackalloc byte[HeaderSize];
            Magic.CopyTo(header);
            BitConverter.TryWriteBytes(header[8..], dimension);
            BitConverter.TryWriteBytes(header[12..], order.Length);
            Put(header);
            Span<byte> key = stackalloc byte[TextKey.Size];
            foreach (var entry in order)
            {
                entry.Write(key);
                Put(key);
                Put(MemoryMarshal.AsBytes(earlier[entry].AsSpan()));
            }
            file.Write(digest.GetHashAndReset());
            file.Flush(flushToDisk: true);

            void Put(ReadOnlySpan<byte> bytes)
            {
                digest.AppendData(bytes);
                file.Write(bytes);
            }
        }
        File.Move(temporary, path!, overwrite: true);
    }
}
