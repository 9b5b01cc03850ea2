using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Core.Simulation.Policies;

/// <summary>
/// Each place of a policy's list is explored with probability epsilon: it then shows one of the M candidates that are not in the list,
/// evenly. So an item of the list stands at its place with probability 1 - epsilon and any other at any place with epsilon / M. A list
/// without M >= its length is shown as it is.
/// </summary>
/// <param name="inner">Makes the lists; it must not draw itself.</param>
/// <param name="epsilon">Above 0, at most 1.</param>
public sealed class ExploringPolicy(IServingPolicy inner, double epsilon) : IServingPolicy
{
    private int[] ranked = [];

    public string Name => string.Create(CultureInfo.InvariantCulture, $"explore:{epsilon}:{inner.Name}");

    public async ValueTask ServeAsync(ServingRequest request, ShownList list, CancellationToken cancellationToken)
    {
        await inner.ServeAsync(request, list, cancellationToken);
        Explore(request, list);
    }

    public ValueTask ReportAsync(ShownList list, CancellationToken cancellationToken) => inner.ReportAsync(list, cancellationToken);

    private void Explore(ServingRequest request, ShownList list)
    {
        ranked = [.. list.Slots.Select(slot => slot.Item)];
        if (list.Slots.Any(slot => slot.Propensity < 1))
            throw new RecSysException($"explore cannot stand around {inner.Name}, which draws itself: its propensities would be wrong.");
        var others = request.Candidates.Length - ranked.Length;
        if (others < ranked.Length) return;
        for (var position = 0; position < ranked.Length; position++)
        {
            if (request.Draw() >= epsilon)
            {
                if (epsilon < 1) list.Replace(position, ranked[position], 1 - epsilon, SlotKind.Ranked);
                continue;
            }
            int item;
            do
            {
                item = request.Candidates[(int)(request.Draw() * request.Candidates.Length)];
            }
            while (ranked.Contains(item) || list.Contains(item));
            list.Replace(position, item, epsilon / others, SlotKind.Explored);
        }
    }
}
