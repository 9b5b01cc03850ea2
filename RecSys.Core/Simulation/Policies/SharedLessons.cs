namespace RecSys.Core.Simulation.Policies;

/// <summary>A policy whose lists others learn from, too, as models do from the log of the one that serves.</summary>
/// <param name="serving">Makes the lists.</param>
/// <param name="listening">Told of each list what its reader did; the serving one is told anyway.</param>
public sealed class SharedLessons(IServingPolicy serving, IReadOnlyCollection<IServingPolicy> listening) : IServingPolicy
{
    public string Name => serving.Name;

    public ValueTask ServeAsync(ServingRequest request, ShownList list, CancellationToken cancellationToken) =>
        serving.ServeAsync(request, list, cancellationToken);

    public async ValueTask ReportAsync(ShownList list, CancellationToken cancellationToken)
    {
        await serving.ReportAsync(list, cancellationToken);
        foreach (var policy in listening)
        {
            if (policy != serving) await policy.ReportAsync(list, cancellationToken);
        }
    }
}
