using System.Runtime.InteropServices;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>Adds up what other rules would do to lists.</summary>
public sealed class PreviewSummary
{
    private readonly Dictionary<int, int> comeIn = [];
    private readonly Dictionary<int, int> goOut = [];
    private readonly List<PreviewedList> examples = [];
    private readonly int mostExamples;
    private long moved;
    private long stayed;

    /// <param name="mostExamples">Changed lists that are kept.</param>
    public PreviewSummary(int mostExamples) => this.mostExamples = mostExamples;

    public int Lists { get; private set; }

    /// <summary>Lists that are not the same any more.</summary>
    public int Changed { get; private set; }

    /// <summary>Mean number of places by which an item moves that stands in a list before and after; 0 where there is none.</summary>
    public double MeanDisplacement => stayed == 0 ? 0 : (double)moved / stayed;

    /// <summary>The first changed lists.</summary>
    public IReadOnlyList<PreviewedList> Examples => examples;

    public void Add(PreviewedList list)
    {
        Lists++;
        if (list.Changes)
        {
            Changed++;
            if (examples.Count < mostExamples) examples.Add(list);
        }
        var places = new Dictionary<int, int>(list.Before.Count);
        for (var place = 0; place < list.Before.Count; place++) places[list.Before[place]] = place;
        for (var place = 0; place < list.After.Count; place++)
        {
            if (places.Remove(list.After[place], out var before))
            {
                stayed++;
                moved += Math.Abs(place - before);
            }
            else
            {
                Count(comeIn, list.After[place]);
            }
        }
        foreach (var item in places.Keys) Count(goOut, item);
    }

    /// <summary>Items that come into most lists, and into how many.</summary>
    public IReadOnlyList<(int Item, int Lists)> ComeIn(int most) => Top(comeIn, most);

    /// <summary>Items that go out of most lists, and out of how many.</summary>
    public IReadOnlyList<(int Item, int Lists)> GoOut(int most) => Top(goOut, most);

    private static void Count(Dictionary<int, int> counts, int item) =>
        CollectionsMarshal.GetValueRefOrAddDefault(counts, item, out _)++;

    private static List<(int, int)> Top(Dictionary<int, int> counts, int most) =>
        [.. counts.OrderByDescending(count => count.Value).ThenBy(count => count.Key).Take(most)
            .Select(count => (count.Key, count.Value))];
}
