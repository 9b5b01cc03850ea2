using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.Text;

/// <summary>
/// The text model in a child process, so that libtorch stays out of this one: started when a text comes, ended when it takes too long or is
/// told to, started again after a pause that doubles while it fails. One text at a time. The child reads a JSON string a line and answers
/// with a line of base64 of little-endian floats; its first line is its dimension and its hash.
/// </summary>
/// <param name="options">With a directory.</param>
/// <param name="time">For deadlines and pauses.</param>
/// <param name="logger">Hears of starts and ends.</param>
public sealed class TextEncoderProcess(TextOptions options, TimeProvider time, ILogger<TextEncoderProcess> logger) : IAsyncDisposable
{
    /// <summary>The verb of the program that encodes what it reads.</summary>
    public const string Verb = "encode-texts";

    // A vocabulary of 100,000 words and weights of a gigabyte from a slow disk.
    private static readonly TimeSpan LoadPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private const int MostSaid = 2000;

    private Process? child;
    private Task<string>? said;
    private int dimension;
    private TimeSpan pause;
    private long failedAt;

    /// <summary>How to start the program; for tests.</summary>
    internal Func<ProcessStartInfo?> Command { get; init; } = ChildProgram.Command;

    /// <summary>The child's id, or null while there is none.</summary>
    public int? ChildId => child?.Id;

    /// <summary>Encodes a text; waits before it starts a child behind one that failed.</summary>
    /// <param name="text">The text.</param>
    /// <param name="modelHash">What the child's model must be (<see cref="TextModelHash"/>).</param>
    /// <param name="cancellationToken">Ends the waiting and the child.</param>
    /// <exception cref="RecSysException">The child could not be started, took too long, died, or has another model; it is ended, and the
    /// next text starts another one.</exception>
    public async Task<float[]> EncodeAsync(string text, string modelHash, CancellationToken cancellationToken)
    {
        if (child is null && pause > TimeSpan.Zero && pause - time.GetElapsedTime(failedAt) is { Ticks: > 0 } left)
            await Task.Delay(left, time, cancellationToken);
        try
        {
            if (child is null) await StartAsync(modelHash, cancellationToken);
            await child!.StandardInput.WriteLineAsync(JsonSerializer.Serialize(text).AsMemory(), cancellationToken);
            await child.StandardInput.FlushAsync(cancellationToken);
            var vector = Vector(await AnswerAsync(TimeSpan.FromSeconds(options.SecondsPerText), cancellationToken));
            pause = TimeSpan.Zero;
            return vector;
        }
        catch (Exception failure) when (failure is RecSysException or IOException or InvalidOperationException)
        {
            var reason = await EndAsync();
            (pause, failedAt) =
                (pause == TimeSpan.Zero ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause, time.GetTimestamp());
            throw new RecSysException($"A text was not encoded: {failure.Message} {reason}".TrimEnd(), failure);
        }
        catch (OperationCanceledException)
        {
            await EndAsync();
            throw;
        }
    }

    /// <summary>Ends the child, if there is one; the next text starts another.</summary>
    /// <returns>What it said last about itself.</returns>
    public async Task<string> EndAsync()
    {
        if (child is not { } ending) return "";
        child = null;
        if (!ending.HasExited) ending.Kill(entireProcessTree: true);
        await ending.WaitForExitAsync(CancellationToken.None);
        var last = said is null ? "" : (await said).Trim();
        TextLog.ChildEnded(logger, ending.Id);
        ending.Dispose();
        return last;
    }

    public async ValueTask DisposeAsync() => await EndAsync();

    private async Task StartAsync(string modelHash, CancellationToken cancellationToken)
    {
        var start = Command() ?? throw new RecSysException($"{ChildProgram.Name} is not beside this program. Install the whole program.");
        start.ArgumentList.Add(Verb);
        // The child shall not take the processors from requests, nor keep what nobody asks for again.
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[
            (nameof(TextOptions.Directory), Path.GetFullPath(options.Directory!)),
                (nameof(TextOptions.MaxTokens), options.MaxTokens.ToString(CultureInfo.InvariantCulture)),
            (nameof(TextOptions.Device), "cpu"), (nameof(TextOptions.Threads), "1"), (nameof(TextOptions.BatchSize), "1"),
            (nameof(TextOptions.CacheFolder), ""), (nameof(TextOptions.CacheEntries), "1000")])
        {
            start.ArgumentList.Add("--set");
            start.ArgumentList.Add($"{TextOptions.SectionName}:{name}={value}");
        }
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        child = Process.Start(start) ?? throw new RecSysException($"{start.FileName} could not be started.");
        said = LastWordsAsync(child.StandardError);
        var ready = (await AnswerAsync(LoadPatience, cancellationToken)).Split(' ');
        if (ready.Length != 2 || !int.TryParse(ready[0], CultureInfo.InvariantCulture, out dimension))
            throw new RecSysException("The child answered with something else than embeddings.");
        if (ready[1] != modelHash)
            throw new RecSysException(
                $"The text model in {options.Directory} is another one than at the start. Restart the server, or put the model back.");
        TextLog.ChildStarted(logger, child.Id);
    }

    private async Task<string> AnswerAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await child!.StandardOutput.ReadLineAsync(either.Token)
                ?? throw new RecSysException("The process that encodes texts ended.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RecSysException($"The process that encodes texts took more than {patience.TotalSeconds:0} s.");
        }
    }

    private float[] Vector(string answer)
    {
        var bytes = new byte[dimension * sizeof(float)];
        if (!Convert.TryFromBase64String(answer, bytes, out var count) || count != bytes.Length)
            throw new RecSysException("The child answered with something else than an embedding.");
        return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }

    private static async Task<string> LastWordsAsync(StreamReader error)
    {
        var last = "";
        while (await error.ReadLineAsync() is { } line)
        {
            last = $"{last} {line}";
            if (last.Length > MostSaid) last = last[^MostSaid..];
        }
        return last;
    }
}
