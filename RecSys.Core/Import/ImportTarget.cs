using RecSys.Core.Storage;

namespace RecSys.Core.Import;

/// <summary>Where an import goes.</summary>
/// <param name="Log">Takes the changes.</param>
/// <param name="Contents">Tells what is there, to explain ids that name nothing.</param>
/// <param name="Pace">How fast.</param>
public sealed record ImportTarget(IEventImport Log, ILogContents Contents, ImportPace Pace);
