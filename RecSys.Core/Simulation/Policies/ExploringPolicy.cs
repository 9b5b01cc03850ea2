using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Core.Simulation.Policies;

/// <summary>
/// Shows a policy's list, or with probability epsilon candidates by chance instead. So an item stands at a place with probability
/// epsilon / candidates, and 1 - epsilon more where the policy puts it: every list of every other policy may come up.
/// </summary>
/// <param name="inner">Makes the lists; it must not draw itself.</param>
/// <param name="epsilon">Above 0, at most 1.</param>
public sealed class ExploringPolicy(IServingPolicy inner, double epsilon) : IServingPolicy
{
    public string Name => string.Create(CultureInfo.InvariantCulture, $"explore:{epsilon}:{inner.Name}");

    public async ValueTask ServeAsync(ServingRequest request, ShownList list, CancellationToken cancellationToken)
    {
        await inner.ServeAsync(request, list, cancellationToken);
        if (list.Slots.Any(slot => slot.Propensity < 1))
            throw new RecSysException($"explore cannot stand around {inner.Name}, which draws itself: its propensities would be wrong.");
        int[] ranked = [.. list.Slots.Select(slot => slot.Item)];
        var byChance = epsilon / request.Candidates.Length;
        var explores = request.Draw() < epsilon;
        list.Clear();
        var places = explores ? Math.Min(list.Length, request.Candidates.Length) : ranked.Length;
        while (list.Slots.Count < places)
        {
            var position = list.Slots.Count;
            var item = explores ? request.Candidates[(int)(request.Draw() * request.Candidates.Length)] : ranked[position];
            if (list.Contains(item)) continue;
            var chosen = position < ranked.Length && ranked[position] == item;
            list.Add(item, Math.Min(1, byChance + (chosen ? 1 - epsilon : 0)), explores ? SlotKind.Explored : SlotKind.Ranked);
        }
    }

    public ValueTask ReportAsync(ShownList list, CancellationToken cancellationToken) => inner.ReportAsync(list, cancellationToken);
}
