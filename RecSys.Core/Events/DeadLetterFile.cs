using System.Runtime.CompilerServices;
using System.Text.Json;
using RecSys.Core.Domain;

namespace RecSys.Core.Events;

/// <summary>
/// Changes that the store could not take, one JSON object per line, to be looked at and posted again once their cause is mended. A full file takes no more;
/// what is left out is counted by the caller.
/// </summary>
public sealed class DeadLetterFile(string path, long maxBytes)
{
    private readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>Where the file is or will be.</summary>
    public string FilePath { get; } = path;

    /// <summary>Appends a letter and forces it to the disk.</summary>
    /// <returns>False when the file is full or cannot be written.</returns>
    public async Task<bool> AddAsync(DeadLetter letter, CancellationToken ct = default)
    {
        var line = new Line(letter.Time, letter.Change.Kind, letter.Reason, JsonSerializer.SerializeToElement(letter.Change, letter.Change.GetType()));
        var bytes = JsonSerializer.SerializeToUtf8Bytes(line);
        await turn.WaitAsync(ct);
        try
        {
            await using var file = new FileStream(FilePath, FileMode.Append, FileAccess.Write, FileShare.Read);
            if (file.Length + bytes.Length + 1 > maxBytes) return false;
            await file.WriteAsync((byte[])[.. bytes, (byte)'\n'], ct);
            file.Flush(flushToDisk: true);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The letters, oldest first; a line that a crash cut off is left out.</summary>
    public async IAsyncEnumerable<DeadLetter> ReadAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        if (!File.Exists(FilePath)) yield break;
        await foreach (var text in File.ReadLinesAsync(FilePath, ct))
        {
            if (Parse(text) is { } letter) yield return letter;
        }
    }

    private static DeadLetter? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(text) is { } line && line.Change.Deserialize(TypeOf(line.Kind)) is LogChange change
                ? new DeadLetter(line.Time, line.Reason, change)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Type TypeOf(LogKind kind) => kind switch
    {
        LogKind.Event => typeof(EventChange),
        LogKind.ItemPut => typeof(ItemPut),
        LogKind.ItemRemoval => typeof(ItemRemoval),
        LogKind.UserPut => typeof(UserPut),
        LogKind.UserMerge => typeof(UserMerge),
        LogKind.UserErasure => typeof(UserErasure),
        LogKind.ListShown => typeof(ListShown),
        LogKind.PolicyPut => typeof(PolicyPut),
        _ => throw new JsonException($"The kind {kind} is unknown."),
    };

    private sealed record Line(DateTimeOffset Time, LogKind Kind, string Reason, JsonElement Change);
}
