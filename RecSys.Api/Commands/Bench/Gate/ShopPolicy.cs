using RecSys.Api.Commands.Simulating;
using RecSys.Core.Simulation.Policies;

namespace RecSys.Api.Commands.Bench.Gate;

/// <summary>
/// Lists of a server for those who have come to it, and of somebody else, whom the server knows nothing of, for the others.
/// </summary>
internal sealed class ShopPolicy(ServerPolicy shop, IServingPolicy elsewhere, Newcomers comers) : IServingPolicy
{
    public string Name => shop.Name;

    public ValueTask ServeAsync(ServingRequest request, ShownList list, CancellationToken cancellationToken) =>
        Of(list).ServeAsync(request, list, cancellationToken);

    public ValueTask ReportAsync(ShownList list, CancellationToken cancellationToken) => Of(list).ReportAsync(list, cancellationToken);

    private IServingPolicy Of(ShownList list) => comers.Has(list.User, list.Time) ? shop : elsewhere;
}
