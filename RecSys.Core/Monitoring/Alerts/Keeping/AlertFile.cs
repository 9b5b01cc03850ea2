using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Monitoring.Alerts.Keeping;

/// <summary>The memory of alerts as a file, replaced as a whole.</summary>
/// <param name="path">The file; its folder is made when it is first written.</param>
internal sealed class AlertFile(string path)
{
    // Many times what the bounds of its lists allow.
    private const int MaxBytes = 16 << 20;

    public string Path => path;

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(AlertMemory memory)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(memory, AlertJson.Default.AlertMemory));
    }

    /// <returns>What an earlier process kept; nothing when there is no file.</returns>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public AlertMemory Read()
    {
        if (!File.Exists(path)) return AlertMemory.Empty;
        if (new FileInfo(path).Length > MaxBytes) throw new InvalidDataException($"it is larger than {MaxBytes >> 20} MiB");
        try
        {
            var memory = JsonSerializer.Deserialize(File.ReadAllBytes(path), AlertJson.Default.AlertMemory)
                ?? throw new InvalidDataException("it is empty");
            return memory.IsSound
                ? memory : throw new InvalidDataException("an entry of it is empty, or a level or number in it is none");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException(JsonFaults.Describe(fault), fault);
        }
    }
}
