using System.Text.Json;
using RecSys.Api.Contracts.Reading;

namespace RecSys.Api.BulkJobs;

/// <summary>
/// The rejected rows of a job as JSON lines: line, code, pointer, detail; never what stood there. Up to a number of them; the file is made
/// with the first.
/// </summary>
internal sealed class BulkRejects(string path, int most) : IDisposable
{
    private FileStream? file;
    private int written;

    public void Add(long line, FieldFault fault)
    {
        if (written >= most) return;
        written++;
        file ??= new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        using (var json = new Utf8JsonWriter(file))
        {
            json.WriteStartObject();
            json.WriteNumber("line", line);
            json.WriteString("code", fault.Code);
            json.WriteString("pointer", fault.Pointer);
            json.WriteString("detail", fault.Detail);
            json.WriteEndObject();
        }
        file.WriteByte((byte)'\n');
    }

    /// <summary>Lets readers see what was added.</summary>
    public void Flush() => file?.Flush();

    public void Dispose() => file?.Dispose();
}
