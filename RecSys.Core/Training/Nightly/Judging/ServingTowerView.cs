using System.Buffers;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Nightly.Judging;

/// <summary>Stage 1 of a published bundle in front of a log, as serving has it: items that the bundle does not know are embedded by it.</summary>
internal sealed class ServingTowerView(ServingModel model, UserDirectory users) : ITowerView
{
    public int Dimension => model.Dimension;

    public bool HasTransitions => model.HasTransitions;

    public int MaxFollowers => model.MaxFollowers;

    public bool HasNeighbours => model.HasNeighbours;

    public int MaxNeighbours => model.MaxNeighbours;

    public double NeighbourShare => model.NeighbourShare;

    public bool TryGet(int item, out ReadOnlySpan<float> embedding) => model.TryGet(item, out embedding);

    public int Read(int item, Span<int> followers, Span<float> weights) => model.Read(item, followers, weights);

    public int ReadNeighbours(int item, Span<int> neighbours, Span<float> similarities) =>
        model.ReadNeighbours(item, neighbours, similarities);

    public void Embed(int user, UserState? state, byte device, byte location, Span<float> output) =>
        model.EmbedUser(state is null ? [] : state.RecentItems, users[user], device, location, output);

    public int Search(ReadOnlySpan<float> embedding, Span<long> items, Span<float> scores)
    {
        var numbers = ArrayPool<int>.Shared.Rent(items.Length);
        var count = model.Search(embedding, numbers.AsSpan(0, items.Length), scores);
        for (var i = 0; i < count; i++) items[i] = numbers[i];
        ArrayPool<int>.Shared.Return(numbers);
        return count;
    }
}
