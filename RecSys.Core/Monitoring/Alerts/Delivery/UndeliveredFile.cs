using System.Text.Json;
using System.Text.Json.Nodes;
using RecSys.Core.Monitoring.Alerts.Keeping;

namespace RecSys.Core.Monitoring.Alerts.Delivery;

/// <summary>
/// Messages that no receiver took, one JSON object per line with the reason. At <see cref="MaxBytes"/> the file takes the place of the one
/// before, so there are never more than two. Thread-safe.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class UndeliveredFile(string path)
{
    public const int MaxBytes = 1 << 20;

    private readonly Lock gate = new();

    public string Path => path;

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Add(AlertMessage message, DateTimeOffset at, string reason)
    {
        var line = JsonSerializer.SerializeToNode(message, AlertJson.Default.AlertMessage)!.AsObject();
        line["put_aside"] = at;
        line["because"] = reason;
        lock (gate)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            if (new FileInfo(path) is { Exists: true, Length: > MaxBytes }) File.Move(path, path + ".1", overwrite: true);
            File.AppendAllText(path, ((JsonNode)line).ToJsonString() + "\n");
        }
    }
}
