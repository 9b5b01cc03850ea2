using RecSys.Core.Simulation.Policies;

namespace RecSys.Tests.Simulation;

/// <summary>Another policy's lists, with what the truth says of each request before its reader acts.</summary>
internal sealed class WatchingPolicy<T>(IServingPolicy inner, Func<ServingRequest, ShownList, T> watch) : IServingPolicy
{
    public List<(ShownList List, T Truth)> Lists { get; } = [];

    public string Name => inner.Name;

    public async ValueTask ServeAsync(ServingRequest request, ShownList list, CancellationToken cancellationToken)
    {
        await inner.ServeAsync(request, list, cancellationToken);
        Lists.Add((list, watch(request, list)));
    }

    public ValueTask ReportAsync(ShownList list, CancellationToken cancellationToken) => inner.ReportAsync(list, cancellationToken);
}
