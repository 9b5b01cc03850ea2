using RecSys.Core.Domain;
using RecSys.Core.Monitoring.Windows;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;

namespace RecSys.Api.Hosting.Telemetry;

/// <summary>
/// Where the time of one recommendation request goes: at every moment it runs for one part, for the pipeline, whose stages have times of
/// their own, or for none. Pooled; of one request at a time.
/// </summary>
internal sealed class RequestClock(LatencyWindows windows, TimeProvider time)
{
    private const int NoPart = -1;

    private readonly long[] parts = new long[RequestParts.Count];
    private HttpResponse? response;
    private Recommender? recommender;
    private RecommendationContext? context;
    private long begun;
    private long entered;
    private long ended;
    private int part;
    private bool hasRun;

    /// <summary>Starts with the first thing that is known of a request: that it is there.</summary>
    public void Begin(HttpResponse its)
    {
        (response, part, ended, hasRun) = (its, (int)RequestPart.Admission, 0, false);
        begun = entered = time.GetTimestamp();
    }

    /// <summary>From now on it runs for this part.</summary>
    public void Enter(RequestPart next) => Switch((int)next);

    /// <summary>From now on it runs for the pipeline.</summary>
    public void EnterPipeline()
    {
        hasRun = true;
        Switch(NoPart);
    }

    /// <summary>The list is there, and the reply is made of it. It ends with <see cref="Complete"/>.</summary>
    public void LeavePipeline(Recommender its, RecommendationContext finished)
    {
        (recommender, context) = (its, finished);
        Switch((int)RequestPart.ResponseFormatting);
    }

    /// <summary>The response is sent: the time ends, and the recommender gets its context back.</summary>
    public void Complete()
    {
        End();
        foreach (ref readonly var stage in context!.TimingsInOrder) parts[(int)stage.Part] += stage.Occupied.Ticks * 100;
        recommender!.Complete(context);
        (recommender, context) = (null, null);
    }

    /// <summary>Records the request and forgets it.</summary>
    public void Record()
    {
        End();
        switch (response!.StatusCode)
        {
            // Refused because of what it is, or of how many its caller sends: no failure of the service, and quick without any work.
            case >= StatusCodes.Status400BadRequest and < StatusCodes.Status499ClientClosedRequest:
                windows.Refuse();
                break;
            // Shed, or failed before there was any work: a failure, and no less quick.
            case >= StatusCodes.Status500InternalServerError when !hasRun:
                windows.Shed();
                break;
            // 499 is a reply that nobody waited for any more: for as long as somebody did, it was this slow.
            case var status:
                windows.Record(Nanoseconds(ended - begun), parts, failed: status >= StatusCodes.Status499ClientClosedRequest);
                break;
        }
        parts.AsSpan().Clear();
        response = null;
    }

    private void End()
    {
        if (ended != 0) return;
        Switch(NoPart);
        ended = entered;
    }

    private void Switch(int next)
    {
        var now = time.GetTimestamp();
        if (part != NoPart) parts[part] += Nanoseconds(now - entered);
        (part, entered) = (next, now);
    }

    private long Nanoseconds(long ticks) =>
        time.TimestampFrequency == 1_000_000_000 ? ticks : (long)(ticks * (1e9 / time.TimestampFrequency));
}
