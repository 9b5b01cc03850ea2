namespace RecSys.Core.Simulation.Policies;

/// <summary>
/// The items with the highest click rate so far, without those that the user clicked lately. Clicks and impressions are halved with every
/// day and stand on a prior of 5 clicks in 40 impressions, more than most items keep, so that every item is tried.
/// </summary>
public sealed class PopularPolicy : IServingPolicy
{
    private const double PriorClicks = 5;
    private const double PriorImpressions = 40;
    private readonly Dictionary<int, (double Clicks, double Impressions)> counts = [];
    private readonly List<double> rates = [];
    private TopItems? top;
    private int day;

    public string Name => "popular";

    public ValueTask ServeAsync(ServingRequest request, ShownList list, CancellationToken cancellationToken)
    {
        top ??= new TopItems(list.Length);
        top.Clear();
        foreach (var item in request.Candidates)
        {
            var rate = item < rates.Count ? rates[item] : PriorClicks / PriorImpressions;
            if (rate > top.Threshold && !request.RecentClicks.Contains(item)) top.Offer(item, rate);
        }
        foreach (var item in top.Items) list.Add(item);
        return ValueTask.CompletedTask;
    }

    public ValueTask ReportAsync(ShownList list, CancellationToken cancellationToken)
    {
        var today = (int)(list.Time.ToUnixTimeSeconds() / 86_400);
        if (today != day) BeginDay(today);
        foreach (var slot in list.Slots)
        {
            var (clicks, impressions) = counts.GetValueOrDefault(slot.Item);
            Set(slot.Item, clicks + (slot.IsClicked ? 1 : 0), impressions + 1);
        }
        return ValueTask.CompletedTask;
    }

    private void BeginDay(int today)
    {
        var fade = day == 0 ? 1 : double.Exp2(day - today);
        foreach (var (item, (clicks, impressions)) in counts.ToArray()) Set(item, fade * clicks, fade * impressions);
        day = today;
    }

    private void Set(int item, double clicks, double impressions)
    {
        counts[item] = (clicks, impressions);
        while (rates.Count <= item) rates.Add(PriorClicks / PriorImpressions);
        rates[item] = (PriorClicks + clicks) / (PriorImpressions + impressions);
    }
}
