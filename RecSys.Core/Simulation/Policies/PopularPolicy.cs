namespace RecSys.Core.Simulation.Policies;

/// <summary>
/// The items with the most clicks so far, halved with every day, without those that the user clicked lately. It learns from what is
/// reported and starts with nothing, then in the order of the catalogue.
/// </summary>
public sealed class PopularPolicy : IServingPolicy
{
    private readonly Dictionary<int, double> clicks = [];
    private TopItems? top;
    private DateTimeOffset first;

    public string Name => "popular";

    public ValueTask ServeAsync(ServingRequest request, ShownList list, CancellationToken cancellationToken)
    {
        top ??= new TopItems(list.Length);
        top.Clear();
        foreach (var item in request.Candidates)
        {
            if (!request.RecentClicks.Contains(item)) top.Offer(item, clicks.GetValueOrDefault(item));
        }
        foreach (var item in top.Items) list.Add(item);
        return ValueTask.CompletedTask;
    }

    // Later clicks count more instead of earlier ones less, so that nothing needs to be touched as time goes by.
    public ValueTask ReportAsync(ShownList list, CancellationToken cancellationToken)
    {
        if (first == default) first = list.Time;
        foreach (var slot in list.Slots)
        {
            if (slot.IsClicked) clicks[slot.Item] = clicks.GetValueOrDefault(slot.Item) + double.Exp2((list.Time - first).TotalDays);
        }
        return ValueTask.CompletedTask;
    }
}
