using System.Buffers;
using System.Text;
using System.Text.Json;
using RecSys.Core.Domain;

namespace RecSys.Api.Hosting.Audit;

/// <summary>
/// Writes admin calls to the log and to <c>audit.jsonl</c> of the data folder, one line each, on disk before the call is over; writes of
/// items and users, of which there may be thousands a second, to <c>audit-catalogue.jsonl</c>, so that they neither push the others out nor
/// wait for the disk. At <see cref="MaxBytes"/> a file becomes <c>audit.1.jsonl</c> and so on; of these <see cref="KeptFiles"/> are kept
/// and the oldest goes. An entry that cannot be written is still in the log: on a full disk an administrator must be able to act.
/// </summary>
internal sealed partial class AuditLog(string dataFolder, TimeProvider time, ILogger<AuditLog> logger)
{
    public const string FileName = "audit.jsonl";
    public const string CatalogueFileName = "audit-catalogue.jsonl";

    /// <summary>Stands where an erased user's pseudonym stood.</summary>
    public const string Erased = "u-erased";
    public const long MaxBytes = 10 * 1024 * 1024;
    public const int KeptFiles = 5;

    private readonly Lock gate = new();
    private readonly RepeatedReports reports = new(time, RepeatedReports.EveryMinute);

    /// <param name="entry">The call.</param>
    /// <param name="ofCatalogue">True for a write of an item or a user by somebody who is no administrator.</param>
    public void Write(AuditEntry entry, bool ofCatalogue = false)
    {
        var path = Path.Combine(dataFolder, ofCatalogue ? CatalogueFileName : FileName);
        var line = JsonSerializer.SerializeToUtf8Bytes(entry, AuditJson.Default.AuditEntry);
        if (!ofCatalogue) Audited(logger, entry.Actor ?? "nobody", entry.Method, entry.Route, entry.Status, entry.TraceId);
        try
        {
            lock (gate)
            {
                if (new FileInfo(path) is { Exists: true, Length: > 0 } file && file.Length + line.Length >= MaxBytes) Rotate(path);
                using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
                stream.Write([.. line, (byte)'\n']);
                stream.Flush(flushToDisk: !ofCatalogue);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (reports.IsDue(exception, out var count)) Lost(logger, exception.Message, path, count);
        }
    }

    /// <summary>
    /// Puts <see cref="Erased"/> in place of pseudonyms in every file, since whoever holds the key could still find out whose they are.
    /// </summary>
    /// <param name="pseudonyms">As <see cref="Pseudonyms.Of"/> gives them.</param>
    public void Forget(IReadOnlyList<string> pseudonyms)
    {
        var names = pseudonyms.Select(name => Encoding.UTF8.GetBytes($"\"{name}\"")).ToArray();
        var buffer = ArrayPool<byte>.Shared.Rent((int)MaxBytes + 1);
        try
        {
            foreach (var path in new[] { Path.Combine(dataFolder, FileName), Path.Combine(dataFolder, CatalogueFileName) })
            {
                // In the order in which a file grows older, so that one that is renamed meanwhile is met again. Few files name the user, and
                // nobody waits while the others are looked through.
                for (var age = 0; age <= KeptFiles; age++)
                {
                    var file = age == 0 ? path : Numbered(path, age);
                    if (!Names(file, names, buffer)) continue;
                    lock (gate) ForgetIn(file, pseudonyms);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // True also where the file cannot be read: what to say of that is for the one who has to rewrite it.
    private static bool Names(string path, byte[][] names, byte[] buffer)
    {
        try
        {
            using var handle = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            var length = 0;
            while (length < buffer.Length && RandomAccess.Read(handle, buffer.AsSpan(length), length) is > 0 and var read) length += read;
            // An entry may have made a file larger than the buffer.
            return length == buffer.Length || names.Any(name => buffer.AsSpan(0, length).IndexOf(name) >= 0);
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private void ForgetIn(string path, IReadOnlyList<string> pseudonyms)
    {
        try
        {
            if (!File.Exists(path)) return;
            var text = File.ReadAllText(path);
            var without =
                pseudonyms.Aggregate(text, (left, name) => left.Replace($"\"{name}\"", $"\"{Erased}\"", StringComparison.Ordinal));
            if (without == text) return;
            var temporary = path + ".tmp";
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                stream.Write(Encoding.UTF8.GetBytes(without));
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (reports.IsDue(exception, out var count)) NotForgotten(logger, exception.Message, path, count);
        }
    }

    private static void Rotate(string path)
    {
        for (var age = KeptFiles; age > 0; age--)
        {
            var from = age == 1 ? path : Numbered(path, age - 1);
            if (File.Exists(from)) File.Move(from, Numbered(path, age), overwrite: true);
        }
    }

    private static string Numbered(string path, int age) => Path.ChangeExtension(path, $"{age}.jsonl");

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Pseudonyms of erased users are still in {Path}: {Reason} ({Count} since the last such line); erase the users again "
        + "when it can be written")]
    private static partial void NotForgotten(ILogger logger, string reason, string path, long count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Audit: {Actor} {Method} {Route} {Status} {TraceId}")]
    private static partial void Audited(ILogger logger, string actor, string method, string route, int status, string traceId);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Audit entries cannot be written to {Path}: {Reason} ({Count} since the last such line; they stand in the log)")]
    private static partial void Lost(ILogger logger, string reason, string path, long count);
}
