using RecSys.Core.Simulation.Truth;

namespace RecSys.Core.Simulation.Policies;

/// <summary>Knows the truth and shows the list that is best for an objective, as if it were the user's only one.</summary>
public sealed class OraclePolicy(string name, Objective objective) : IServingPolicy
{
    private TopItems? top;

    public string Name => name;

    public ValueTask ServeAsync(ServingRequest request, ShownList list, CancellationToken cancellationToken)
    {
        top ??= new TopItems(list.Length);
        BestList.Find(request.Moment, request.Candidates, objective, top);
        foreach (var item in top.Items) list.Add(item);
        return ValueTask.CompletedTask;
    }
}
