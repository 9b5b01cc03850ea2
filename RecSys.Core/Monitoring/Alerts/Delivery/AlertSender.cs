using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;
using RecSys.Core.Monitoring.Alerts.Keeping;

namespace RecSys.Core.Monitoring.Alerts.Delivery;

/// <summary>
/// Delivers the messages of one receiver, one after another: a beginning is told before its end. What is not taken is tried again with
/// growing pauses until it is too old, then put aside; what is refused for good is put aside at once. A message is removed when it was
/// taken, so one that was taken just before the process died is sent twice.
/// </summary>
internal sealed class AlertSender(
    IAlertReceiver receiver, AlertCenter center, HttpClient http, UndeliveredFile undelivered, TimeSpan giveUp, TimeProvider time,
    Func<double> draw, AlertMetrics metrics, ILogger logger)
{
    /// <summary>How long a receiver may take to answer.</summary>
    public static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(10);

    /// <summary>The longest pause between two tries.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private const int LongestFault = 300;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private readonly RepeatedReports reports = new(time, TimeSpan.FromMinutes(10));
    private long tried;
    private int tries;

    /// <summary>Tries the first message that waits, once.</summary>
    /// <returns>How long to pause before the next call; zero when there may be more to send, null when nothing waits.</returns>
    public async Task<TimeSpan?> SendNextAsync(CancellationToken cancellationToken)
    {
        if (center.NextFor(receiver.Channel.Name) is not { } message) return null;
        if (message.Id != tried) (tried, tries) = (message.Id, 0);
        tries++;
        var (fault, isFinal, wait) = await PostAsync(message, cancellationToken);
        if (fault is null)
        {
            reports.Clear();
            metrics.Sent(receiver.Channel.Name, "taken");
            center.Done(message);
            return TimeSpan.Zero;
        }
        if (isFinal || time.GetUtcNow() - message.At >= giveUp)
        {
            PutAside(message, fault);
            center.Done(message);
            return TimeSpan.Zero;
        }
        metrics.Sent(receiver.Channel.Name, "failed");
        if (reports.IsDue(fault, 1, out var times)) logger.AlertNotTaken(receiver.Channel.Name, times, fault);
        return wait ?? Pause(tries, draw());
    }

    /// <summary>Puts a message aside.</summary>
    public void PutAside(AlertMessage message, string reason)
    {
        metrics.Sent(receiver.Channel.Name, "put_aside");
        try
        {
            undelivered.Add(message, time.GetUtcNow(), reason);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The line below says what there was to say; a full disk must not stop the next message.
            reason = $"{reason}; nor could it be put aside: {fault.Message}";
        }
        logger.AlertPutAside(receiver.Channel.Name, undelivered.Path, reason);
    }

    /// <summary>Pause before the next try: doubled each time, a random part of up to half of it less, so that servers do not return
    /// together.</summary>
    /// <param name="tries">Tries so far, from 1.</param>
    /// <param name="draw">0 to 1.</param>
    public static TimeSpan Pause(int tries, double draw) => GrowingPause.After(tries, FirstPause, LongestPause) * (1 - draw / 2);

    private async Task<(string? Fault, bool IsFinal, TimeSpan? Wait)> PostAsync(AlertMessage message, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(LongestAnswer, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var content = new ByteArrayContent(receiver.Body(message));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, receiver.Address) { Content = content };
            // What it says beyond its status is nobody's business here, however long it is.
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (answer.IsSuccessStatusCode) return (null, false, null);
            var code = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
            var isPassing = answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
                or >= HttpStatusCode.InternalServerError;
            return ($"it answers with status {code}", !isPassing, WaitOf(answer));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ($"no answer within {LongestAnswer.TotalSeconds:0} s", false, null);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or InvalidOperationException)
        {
            // Messages of the client name host and port, never the path, where a webhook has its secret. One that answers something else
            // than HTTP is quoted in them: what it says must not steer a terminal, nor fill the log.
            return (Printable(fault.Message), false, null);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // Nothing that a receiver does, and its message may hold anything: tried again and put aside in time, so that it does not hold
            // up the messages behind it.
            return ($"{fault.GetType().Name} in {fault.TargetSite?.DeclaringType?.Name}, a defect of this program", false, null);
        }
    }

    private static string Printable(string text) =>
        new([.. text.Take(LongestFault).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)]);

    private TimeSpan? WaitOf(HttpResponseMessage answer)
    {
        if (answer.Headers.RetryAfter is not { } after) return null;
        var wanted = after.Delta ?? after.Date - time.GetUtcNow();
        return wanted is { Ticks: > 0 } wait ? wait < LongestPause ? wait : LongestPause : null;
    }
}
