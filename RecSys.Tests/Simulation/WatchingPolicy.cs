using RecSys.Core.Simulation.Policies;

namespace RecSys.Tests.Simulation;

/// <summary>
/// Another policy's lists, with what the truth says of each request before its reader acts: of the list shown, or of the one that
/// <paramref name="instead"/> would have shown.
/// </summary>
internal sealed class WatchingPolicy<T>(IServingPolicy inner, Func<ServingRequest, ShownList, T> watch, IServingPolicy? instead = null)
    : IServingPolicy
{
    public List<(ShownList List, T Truth)> Lists { get; } = [];

    public string Name => inner.Name;

    public async ValueTask ServeAsync(ServingRequest request, ShownList list, CancellationToken cancellationToken)
    {
        var judged = list;
        if (instead is not null)
        {
            judged = new ShownList("", "", request.UserNumber, request.Time, list.Length);
            await instead.ServeAsync(request, judged, cancellationToken);
        }
        await inner.ServeAsync(request, list, cancellationToken);
        Lists.Add((list, watch(request, judged)));
    }

    public ValueTask ReportAsync(ShownList list, CancellationToken cancellationToken) => inner.ReportAsync(list, cancellationToken);
}
