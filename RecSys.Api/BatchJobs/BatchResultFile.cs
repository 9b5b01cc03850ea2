using System.Buffers;
using System.Text.Json;
using RecSys.Core.Pipeline;

namespace RecSys.Api.BatchJobs;

/// <summary>The result of a job while it is written. It gets its name when it is whole.</summary>
internal sealed class BatchResultFile : IDisposable
{
    private const int LookAtDiskEvery = 8 << 20;

    private readonly BatchFolder folder;
    private readonly string id;
    private readonly long minFreeBytes;
    private readonly FileStream file;
    private readonly ArrayBufferWriter<byte> line = new();
    private readonly Utf8JsonWriter json;
    private long looked;

    public BatchResultFile(BatchFolder folder, string id, long minFreeBytes)
    {
        (this.folder, this.id, this.minFreeBytes) = (folder, id, minFreeBytes);
        json = new Utf8JsonWriter(line);
        file = new FileStream(folder.PartOf(id), FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
    }

    /// <summary>Bytes written.</summary>
    public long Bytes => file.Position;

    /// <summary>Adds a line.</summary>
    /// <exception cref="IOException">The disk is full, or has less left than it must have.</exception>
    public void Add<T>(T what, Action<Utf8JsonWriter, T> write)
    {
        line.ResetWrittenCount();
        json.Reset();
        write(json, what);
        json.Flush();
        file.Write(line.WrittenSpan);
        file.WriteByte((byte)'\n');
        if (Bytes - looked < LookAtDiskEvery) return;
        looked = Bytes;
        if (folder.FreeBytes() < minFreeBytes) throw new IOException("There is no room for the result on the server's disk.");
    }

    /// <summary>Adds a list.</summary>
    public void Add(RecommendationContext context) => Add(context, BatchLine.Write);

    /// <summary>Nothing more comes: from now on it can be read.</summary>
    public void Finish()
    {
        file.Flush(flushToDisk: true);
        file.Dispose();
        File.Move(folder.PartOf(id), folder.ResultOf(id), overwrite: true);
    }

    public void Dispose()
    {
        json.Dispose();
        file.Dispose();
    }
}
