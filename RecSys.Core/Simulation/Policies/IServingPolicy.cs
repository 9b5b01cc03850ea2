namespace RecSys.Core.Simulation.Policies;

/// <summary>Makes the lists of a living world: a rule that knows the truth, a recommender in this process, or a server.</summary>
public interface IServingPolicy
{
    /// <summary>As it is named on the command line and in reports.</summary>
    string Name { get; }

    /// <summary>Fills the list by <see cref="ShownList.Add"/>, with the exact propensity of each place.</summary>
    ValueTask ServeAsync(ServingRequest request, ShownList list, CancellationToken cancellationToken);

    /// <summary>Told after each list what its reader did, as an app would report it. Nothing by default.</summary>
    ValueTask ReportAsync(ShownList list, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
