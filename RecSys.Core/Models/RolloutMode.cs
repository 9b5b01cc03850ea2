namespace RecSys.Core.Models;

/// <summary>What follows when a new model has passed the gate.</summary>
public enum RolloutMode
{
    /// <summary>It becomes the champion once it has been loaded and has answered its golden queries.</summary>
    Immediate,

    /// <summary>It is published and waits: the champion stays until somebody promotes it.</summary>
    Staged,
}
