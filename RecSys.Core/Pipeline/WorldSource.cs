using RecSys.Core.Events;
using RecSys.Core.Models;

namespace RecSys.Core.Pipeline;

/// <summary>Gives the world as it is now. The only place of the request path that holds the state and the models.</summary>
public sealed class WorldSource(LiveState state, ModelPool<ServingModel> models)
{
    /// <summary>The present world. Waits for nothing.</summary>
    public ServingWorld Take() => new(state, models);
}
