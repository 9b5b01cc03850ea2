using System.Numerics;

namespace RecSys.Core.Pipeline;

/// <summary>
/// Where each item stands among the candidates: open addressing with linear probing, at most half full. Clearing it costs nothing: each
/// place carries the number of the round that filled it.
/// </summary>
internal sealed class CandidateIndex
{
    private Place[] places = new Place[4096];
    private int round = 1;
    private int count;

    /// <summary>The position of the item; <paramref name="position"/>, which is then noted, when it was not known.</summary>
    public int GetOrAdd(int item, int position)
    {
        if (2 * (count + 1) > places.Length) Grow();
        ref var place = ref Find(places, item);
        if (place.Round == round) return place.Position;
        place = new Place(round, item, position);
        count++;
        return position;
    }

    /// <summary>True for an item whose position is known.</summary>
    public bool Has(int item) => Find(places, item).Round == round;

    public void Clear()
    {
        count = 0;
        if (++round != int.MaxValue) return;
        Array.Clear(places);
        round = 1;
    }

    // Fibonacci hashing (Knuth, The Art of Computer Programming, volume 3, 6.4).
    private ref Place Find(Place[] among, int item)
    {
        var at = (int)((uint)item * 2654435769u >> (32 - BitOperations.Log2((uint)among.Length)));
        while (among[at].Round == round && among[at].Item != item) at = (at + 1) & (among.Length - 1);
        return ref among[at];
    }

    private void Grow()
    {
        var larger = new Place[places.Length * 2];
        foreach (ref readonly var place in places.AsSpan())
        {
            if (place.Round == round) Find(larger, place.Item) = place;
        }
        places = larger;
    }

    private readonly record struct Place(int Round, int Item, int Position);
}
