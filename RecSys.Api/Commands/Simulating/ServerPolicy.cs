using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Simulation;
using RecSys.Core.Simulation.Policies;

namespace RecSys.Api.Commands.Simulating;

/// <summary>
/// Lists of a server in this process, which is told what their readers did as an app would tell it: each event when it has happened, with
/// the id of the request that it answers.
/// </summary>
internal sealed class ServerPolicy(LivingWorld world, WorldCatalogue catalogue, WorldServer server, WorldClock clock) : IServingPolicy
{
    private const int MostPosted = 1000;

    private readonly PriorityQueue<Event, (DateTimeOffset Time, long Order)> pending = new();
    private string requestId = "";
    private long order;

    public string Name => "server";

    public async ValueTask ServeAsync(ServingRequest request, ShownList list, CancellationToken cancellationToken)
    {
        await TellUntilAsync(request.Time, cancellationToken);
        var asked = new RecommendationRequest(request.User.Id, list.Length, list.Device, request.User.Location);
        await server.AskAsync(asked, Read, cancellationToken);

        void Read(RecommendationContext context)
        {
            requestId = context.RequestId;
            foreach (ref readonly var candidate in context.Candidates.Items)
                list.Add(world.NumberOf(context.Catalog.IdOf(candidate.Item)), candidate.Propensity, candidate.Slot);
        }
    }

    public ValueTask ReportAsync(ShownList list, CancellationToken cancellationToken)
    {
        foreach (var e in world.EventsOf(list)) pending.Enqueue(e with { RequestId = requestId }, (e.Time, order++));
        return ValueTask.CompletedTask;
    }

    /// <summary>Sets the clock and posts all that has happened by then.</summary>
    public async Task TellUntilAsync(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        clock.GoOnTo(moment);
        var changes = catalogue.TakeUntil(moment);
        while (pending.TryPeek(out _, out var next) && next.Time <= moment) changes.Add(new EventChange(pending.Dequeue()));
        foreach (var chunk in changes.Chunk(MostPosted)) await server.Posting.PostAsync(chunk, cancellationToken);
    }
}
