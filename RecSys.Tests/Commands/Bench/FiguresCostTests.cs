using RecSys.Api.Commands.Bench;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Models.Reference;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Commands.Bench;

public sealed class FiguresCostTests
{
    // Categories and embeddings are a good part of what a server counts of a list.
    [Fact]
    public void Measure_WithoutAWholeReference_IsRefused()
    {
        var state = new LiveState(1, new MemoryUserStates(), storeIsEmpty: true, new EventOptions(), []);
        var bare = new DriftReference(20, []);
        DriftReference?[] partial =
        [
            null, bare, bare with { Categories = new Dictionary<string, int> { ["books"] = 20 } },
            bare with { Embedding = new EmbeddingReference([1, 0], new FeatureHistogram([], [], 0)) },
        ];

        Assert.All(partial, reference => Assert.Contains("Train a new model",
            Assert.Throws<RecSysException>(() => FiguresCost.Measure(state, "v1.0.0", reference)).Message, StringComparison.Ordinal));
    }
}
