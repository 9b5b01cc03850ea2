using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Retrieval;
using RecSys.Core.Storage;

namespace RecSys.Core.Training.Scheduling;

/// <summary>
/// Begins a night at the times that the options say, one at a time, each in a child process. What was begun last is kept in
/// <c>schedule.json</c> of the data folder, so that a start knows which nights were missed.
/// </summary>
/// <param name="dataFolder">Whose nights.</param>
/// <param name="options">When; without a cron expression never.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Gets the child's lines.</param>
public sealed class NightScheduler(
    string dataFolder, IOptions<ScheduleOptions> options, TimeProvider time, ILogger<NightScheduler> logger)
    : BackgroundService, IRetraining
{
    private const string FileName = "schedule.json";
    private const int MostBytes = 64 << 10;

    // A clock that is set anew is noticed within this time.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(10);

    // More often it would learn from the same closed days.
    private static readonly TimeSpan BetweenAsked = TimeSpan.FromHours(24);

    // What waits is one reason: further ones would begin the same night.
    private readonly Channel<string> asked = Channel.CreateBounded<string>(1);
    private volatile NightRecord? last;
    private volatile string? next;

    /// <summary>How to start the program; for tests.</summary>
    internal Func<ProcessStartInfo?> Command { get; init; } = ChildProgram.Command;

    /// <summary>Settings over those of the file and the environment, by names such as <c>Training:Seed</c>; none.</summary>
    internal IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>0 to 1 for each night, as a share of the jitter.</summary>
    internal Func<double> Draw { get; init; } = () => RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);

    /// <summary>The last night that was begun or passed over; null before the first.</summary>
    public NightRecord? Last => last;

    /// <summary>When the next night is planned, without the jitter; null when none is.</summary>
    public DateTimeOffset? Next => next is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <inheritdoc/>
    public bool TryBegin(string reason)
    {
        if (last is { Started: { } started } && time.GetUtcNow() - started < BetweenAsked) return false;
        return asked.Writer.TryWrite(reason);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        last = await ReadAsync(stoppingToken);
        if (string.IsNullOrWhiteSpace(options.Value.Cron) || !TrainingSchedule.TryParse(options.Value, out var schedule, out _))
        {
            while (await IsAskedUntilAsync(DateTimeOffset.MaxValue, stoppingToken)) await RunAskedAsync(stoppingToken);
            return;
        }
        var handled = last?.Planned ?? time.GetUtcNow();
        while (!stoppingToken.IsCancellationRequested)
        {
            var missed = schedule.Missed(handled, time.GetUtcNow());
            if (missed.Latest is { } latest)
            {
                if (missed.Skipped > 0) logger.NightsSkipped(missed.Skipped, latest);
                handled = latest;
                if (missed.MakeUp is { } night) await RunAsync(night, stoppingToken);
                else await WriteAsync(new NightRecord(latest, Verdict: "passed over: no process ran in time"), stoppingToken);
                continue;
            }
            if (schedule.Next(handled > time.GetUtcNow() ? handled : time.GetUtcNow()) is not { } planned)
            {
                next = null;
                while (await IsAskedUntilAsync(DateTimeOffset.MaxValue, stoppingToken)) await RunAskedAsync(stoppingToken);
                return;
            }
            next = planned.ToString("O", CultureInfo.InvariantCulture);
            var due = planned + options.Value.JitterMinutes * Draw() * TimeSpan.FromMinutes(1);
            while (await IsAskedUntilAsync(due, stoppingToken)) await RunAskedAsync(stoppingToken);
            handled = planned;
            await RunAsync(planned, stoppingToken);
        }
    }

    // False when the time came and nobody asked.
    private async Task<bool> IsAskedUntilAsync(DateTimeOffset due, CancellationToken cancellationToken)
    {
        while (due - time.GetUtcNow() is { Ticks: > 0 } left)
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var request = asked.Reader.WaitToReadAsync(waiting.Token).AsTask();
            await Task.WhenAny(request, Task.Delay(left < LongestSleep ? left : LongestSleep, time, waiting.Token));
            var isAsked = request.IsCompletedSuccessfully;
            await waiting.CancelAsync();
            await ((Task)request).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (isAsked) return true;
        }
        return false;
    }

    private async Task RunAskedAsync(CancellationToken cancellationToken)
    {
        asked.Reader.TryRead(out var reason);
        logger.NightAsked(reason!);
        await RunAsync(time.GetUtcNow(), cancellationToken);
    }

    private async Task RunAsync(DateTimeOffset planned, CancellationToken cancellationToken)
    {
        var record = new NightRecord(planned, time.GetUtcNow());
        await WriteAsync(record, cancellationToken);
        logger.NightStarted(planned);
        var said = "it said nothing";
        try
        {
            var start = Command()
                ?? throw new RecSysException($"{ChildProgram.Name} is not beside this program. Install the whole program.");
            foreach (var argument in (ReadOnlySpan<string>)[.. NightChild.Arguments, "--data", dataFolder])
                start.ArgumentList.Add(argument);
            ChildSettings.Give(start, Settings);
            var code = await NightChild.RunAsync(start, options.Value, line =>
            {
                said = line;
                logger.NightSaid(line);
            }, cancellationToken);
            record = record with { Ended = time.GetUtcNow(), ExitCode = code, Verdict = said };
            if (code == 0) logger.NightEnded(said);
            else if (code == NightChild.Skipped) logger.NightSkipped(said);
            else logger.NightFailed(code, said);
        }
        catch (RecSysException failure)
        {
            record = record with { Ended = time.GetUtcNow(), ExitCode = -1, Verdict = failure.Message };
            logger.NightFailed(-1, failure.Message);
        }
        catch (OperationCanceledException)
        {
            await WriteAsync(record with { Ended = time.GetUtcNow(), Verdict = "stopped with the server" }, CancellationToken.None);
            throw;
        }
        await WriteAsync(record, CancellationToken.None);
    }

    private async Task<NightRecord?> ReadAsync(CancellationToken cancellationToken)
    {
        var file = new FileInfo(Path.Combine(dataFolder, FileName));
        try
        {
            if (!file.Exists || file.Length > MostBytes) return null;
            return JsonSerializer.Deserialize(
                await File.ReadAllBytesAsync(file.FullName, cancellationToken), NightRecordJson.Default.NightRecord);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            logger.ScheduleNotKept(file.FullName, e.Message);
            return null;
        }
    }

    // A folder that cannot be written does not keep a night from running.
    private async Task WriteAsync(NightRecord record, CancellationToken cancellationToken)
    {
        last = record;
        var path = Path.Combine(dataFolder, FileName);
        try
        {
            await DurableFile.ReplaceAsync(
                path, JsonSerializer.SerializeToUtf8Bytes(record, NightRecordJson.Default.NightRecord), cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.ScheduleNotKept(path, e.Message);
        }
    }
}
