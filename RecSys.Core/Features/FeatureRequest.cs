using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>What is known about a request beside its candidates. Reusable: set the properties again for the next request.</summary>
public sealed class FeatureRequest
{
    public User? Profile { get; set; }

    /// <summary>History of the user; an empty state for an unknown user. The caller holds its lock while features are computed.</summary>
    public required UserState State { get; set; }

    /// <summary>Unix time of the request, milliseconds, UTC.</summary>
    public long NowMs { get; set; }

    /// <summary>Code from <see cref="ContextCodes.Device"/>.</summary>
    public byte Device { get; set; }

    /// <summary>Code from <see cref="ContextCodes.Location"/>.</summary>
    public byte Location { get; set; }

    /// <summary>Null: the similarity features are NaN.</summary>
    public IItemEmbeddings? Embeddings { get; set; }

    /// <summary>Null: the features of what follows what are NaN.</summary>
    public IItemTransitions? Transitions { get; set; }

    /// <summary>Vector of the user in the space of <see cref="Embeddings"/>; empty when there is none.</summary>
    public ReadOnlyMemory<float> UserEmbedding { get; set; }
}
