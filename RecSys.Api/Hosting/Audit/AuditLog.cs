using System.Text.Json;
using RecSys.Core.Domain;

namespace RecSys.Api.Hosting.Audit;

/// <summary>
/// Writes admin calls to the log and to <c>audit.jsonl</c> of the data folder, one line each, on disk before the call is over. At
/// <see cref="MaxBytes"/> the file
/// becomes <c>audit.1.jsonl</c> and so on; of these <see cref="KeptFiles"/> are kept and the oldest goes. An entry that cannot be written
/// is still in the log: on a full
/// disk an administrator must be able to act.
/// </summary>
internal sealed partial class AuditLog(string dataFolder, TimeProvider time, ILogger<AuditLog> logger)
{
    public const string FileName = "audit.jsonl";
    public const long MaxBytes = 10 * 1024 * 1024;
    public const int KeptFiles = 5;

    private readonly Lock gate = new();
    private readonly RepeatedReports reports = new(time, RepeatedReports.EveryMinute);
    private readonly string path = Path.Combine(dataFolder, FileName);

    public void Write(AuditEntry entry)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(entry, AuditJson.Default.AuditEntry);
        Audited(logger, entry.Actor ?? "nobody", entry.Method, entry.Route, entry.Status, entry.TraceId);
        try
        {
            lock (gate)
            {
                if (new FileInfo(path) is { Exists: true, Length: > 0 } file && file.Length + line.Length >= MaxBytes) Rotate();
                using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
                stream.Write([.. line, (byte)'\n']);
                stream.Flush(flushToDisk: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (reports.IsDue(exception, out var count)) Lost(logger, exception.Message, path, count);
        }
    }

    private void Rotate()
    {
        for (var age = KeptFiles; age > 0; age--)
        {
            var from = age == 1 ? path : Numbered(age - 1);
            if (File.Exists(from)) File.Move(from, Numbered(age), overwrite: true);
        }
    }

    private string Numbered(int age) => Path.Combine(dataFolder, $"audit.{age}.jsonl");

    [LoggerMessage(Level = LogLevel.Information, Message = "Audit: {Actor} {Method} {Route} {Status} {TraceId}")]
    private static partial void Audited(ILogger logger, string actor, string method, string route, int status, string traceId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Audit entries cannot be written to {Path}: {Reason} ({Count} since the last such line; they stand in the log)")]
    private static partial void Lost(ILogger logger, string reason, string path, long count);
}
