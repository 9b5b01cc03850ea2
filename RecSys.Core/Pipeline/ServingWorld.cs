using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;
using RecSys.Core.Merchandising;
using RecSys.Core.Models;

namespace RecSys.Core.Pipeline;

/// <summary>
/// What one request sees: catalogue, item and overall counters, what else was folded from the log, and the models, as of one position.
/// Taken once per request; nothing below the <c>Recommender</c> holds a catalogue or a model of its own. Catalogue and counters go on
/// behind it.
/// </summary>
public sealed class ServingWorld
{
    private readonly LiveState state;

    internal ServingWorld(LiveState state, ModelPool<ServingModel> models)
    {
        this.state = state;
        // Before anything is read from the state.
        Position = state.Position;
        Models = models;
        (Catalog, Rules) = (state.Catalog, state.Rules);
    }

    private ServingWorld(ServingWorld other, RuleBook rules) =>
        (state, Position, Models, Catalog, Rules) = (other.state, other.Position, other.Models, other.Catalog, rules);

    /// <summary>
    /// The items. They go on changing, one at a time: what became unservable since the request began is seen by the last look at it.
    /// </summary>
    public ItemCatalog Catalog { get; }

    /// <summary>The merchandising rules.</summary>
    public RuleBook Rules { get; }

    /// <summary>Item and overall counters.</summary>
    public FeatureState Features => state.Features;

    /// <summary>The models that a request can be assigned to.</summary>
    public ModelPool<ServingModel> Models { get; }

    /// <summary>Epoch of the log that the world was folded from.</summary>
    public long Epoch => state.Epoch;

    /// <summary>Position of the log up to which the world was folded.</summary>
    public long Position { get; }

    /// <summary>
    /// True as long as no entry was folded since the world was taken: what was read from the counters in between belongs to
    /// <see cref="Position"/>.
    /// </summary>
    public bool IsStill => state.IsStill(Position);

    /// <summary>The same world with other rules.</summary>
    public ServingWorld With(RuleBook rules) => new(this, rules);

    /// <summary>What was folded beside the features.</summary>
    /// <exception cref="InvalidOperationException">Nothing of this kind is folded here.</exception>
    public T Fold<T>()
        where T : class, IEventFold
    {
        foreach (var fold in state.Folds)
        {
            if (fold is T wanted) return wanted;
        }
        throw new InvalidOperationException($"No {typeof(T).Name} is folded from the log; give one to the state when it is made.");
    }

    /// <summary>The moment that features and windows refer to, Unix milliseconds; see <see cref="LiveState.FeatureTimeMs"/>.</summary>
    public long FeatureTimeMs(DateTimeOffset now) => state.FeatureTimeMs(now);

    /// <summary>Copies a user, once per request.</summary>
    /// <returns>False for a user of whom nothing is known; the copy is then empty.</returns>
    public bool TryCopy(string userId, UserCopy copy) => state.TryCopy(userId, copy);

    /// <inheritdoc cref="LiveState.IsErased"/>
    public bool IsErased(string userId) => state.IsErased(userId);
}
