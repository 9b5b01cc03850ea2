using System.ComponentModel.DataAnnotations;

namespace RecSys.Core.Models;

/// <summary>Settings of the models in memory, section <c>ModelPool</c>.</summary>
public sealed class ModelPoolOptions
{
    public const string SectionName = "ModelPool";

    /// <summary>
    /// What all model versions in memory may take together, in bytes; null: what the process may still take by the limits of its container
    /// or machine. A version that does not fit is refused, and the champion stays.
    /// </summary>
    [Range(1L << 20, long.MaxValue, ErrorMessage = "ModelPool:MaxBytes must be at least 1048576 (1 MiB), or null.")]
    public long? MaxBytes { get; set; }

    /// <summary>
    /// Keeps the champion before this one in memory, so that going back to it takes no loading. It makes room when another version needs
    /// it.
    /// </summary>
    public bool KeepPrevious { get; set; } = true;
}
