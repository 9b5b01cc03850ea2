using RecSys.Core.Domain;

namespace RecSys.Core.Training.Protocols;

/// <summary>
/// Starts a server for a protocol. Given from outside: training does not know the request path, as that does not know training.
/// </summary>
/// <param name="dataFolder">A temporary folder with the bundle in <c>models/</c>; it outlives the server.</param>
/// <param name="known">What the server has folded. Its items have their ordinals as numbers.</param>
/// <param name="cancellationToken">Ends the start.</param>
public delegate Task<IServedLists> StartServing(string dataFolder, InteractionLog known, CancellationToken cancellationToken);
