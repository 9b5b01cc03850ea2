namespace RecSys.Core.Features;

/// <summary>A table of items that belong to items, as <see cref="Succession"/> reads it.</summary>
internal interface IItemPairs
{
    bool AreKnown { get; }

    int MaxPerItem { get; }

    int Read(int item, Span<int> others, Span<float> weights);
}

/// <summary>What follows what.</summary>
internal readonly struct FollowerPairs(IItemTransitions? transitions) : IItemPairs
{
    public bool AreKnown => transitions is { HasTransitions: true };
    public int MaxPerItem => transitions!.MaxFollowers;
    public int Read(int item, Span<int> others, Span<float> weights) => transitions!.Read(item, others, weights);
}

/// <summary>What goes with what.</summary>
internal readonly struct NeighbourPairs(IItemNeighbours? neighbours) : IItemPairs
{
    public bool AreKnown => neighbours is { HasNeighbours: true };
    public int MaxPerItem => neighbours!.MaxNeighbours;
    public int Read(int item, Span<int> others, Span<float> weights) => neighbours!.ReadNeighbours(item, others, weights);
}
