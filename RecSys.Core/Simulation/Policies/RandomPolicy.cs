using RecSys.Core.Domain;

namespace RecSys.Core.Simulation.Policies;

/// <summary>Candidates by chance, without repetition: every item at every place with probability 1 / candidates.</summary>
public sealed class RandomPolicy : IServingPolicy
{
    public string Name => "random";

    public ValueTask ServeAsync(ServingRequest request, ShownList list, CancellationToken cancellationToken)
    {
        var candidates = request.Candidates;
        var places = Math.Min(list.Length, candidates.Length);
        while (list.Slots.Count < places)
        {
            var item = candidates[(int)(request.Draw() * candidates.Length)];
            if (!list.Contains(item)) list.Add(item, 1.0 / candidates.Length, SlotKind.Explored);
        }
        return ValueTask.CompletedTask;
    }
}
