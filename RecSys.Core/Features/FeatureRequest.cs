using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>What is known about a request beside its candidates: made in the same way for serving, training rows and checks.</summary>
public sealed class FeatureRequest
{
    private FeatureRequest(UserState state) => State = state;

    /// <summary>Stored profile; null when there is none.</summary>
    public User? Profile { get; private init; }

    /// <summary>History of the user; an empty state for an unknown user. Nobody may change it while features are computed.</summary>
    public UserState State { get; }

    /// <summary>Unix time of the request, milliseconds, UTC.</summary>
    public long NowMs { get; private init; }

    /// <summary>Code from <see cref="ContextCodes.Device"/>.</summary>
    public byte Device { get; private init; }

    /// <summary>Code from <see cref="ContextCodes.Location"/>.</summary>
    public byte Location { get; private init; }

    /// <summary>Null: the similarity features are NaN.</summary>
    public IItemEmbeddings? Embeddings { get; private init; }

    /// <summary>Null: the features of what follows what are NaN.</summary>
    public IItemTransitions? Transitions { get; private init; }

    /// <summary>Null, or without a table: the features of what goes with what are NaN.</summary>
    public IItemNeighbours? Neighbours { get; private init; }

    /// <summary>Vector of the user in the space of <see cref="Embeddings"/>; empty when there is none.</summary>
    public ReadOnlyMemory<float> UserEmbedding { get; private init; }

    /// <param name="profile">Stored profile; null when there is none.</param>
    /// <param name="state">History; null for a user without events.</param>
    /// <param name="nowMs">Unix time that features refer to, milliseconds.</param>
    /// <param name="device">Code from <see cref="ContextCodes.Device"/>.</param>
    /// <param name="location">Code from <see cref="ContextCodes.Location"/>.</param>
    /// <param name="model">What was learnt of the items; null: everything that comes from it is NaN.</param>
    /// <param name="userEmbedding">Vector of the user in the model's space; empty when the model knows nothing of the user.</param>
    public static FeatureRequest Of<TModel>(
        User? profile, UserState? state, long nowMs, byte device, byte location, TModel? model, ReadOnlyMemory<float> userEmbedding)
        where TModel : class, IItemEmbeddings, IItemTransitions, IItemNeighbours =>
        Of(profile, state, nowMs, device, location, model, model, model, userEmbedding);

    /// <summary>The same with the parts of a model apart.</summary>
    public static FeatureRequest Of(
        User? profile, UserState? state, long nowMs, byte device = 0, byte location = 0,
        IItemEmbeddings? embeddings = null, IItemTransitions? transitions = null, IItemNeighbours? neighbours = null,
        ReadOnlyMemory<float> userEmbedding = default) => new(state ?? UserState.Nobody)
        {
            Profile = profile,
            NowMs = nowMs,
            Device = device,
            Location = location,
            Embeddings = embeddings,
            Transitions = transitions,
            Neighbours = neighbours,
            UserEmbedding = userEmbedding,
        };
}
