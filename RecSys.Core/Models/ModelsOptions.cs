using System.ComponentModel.DataAnnotations;

namespace RecSys.Core.Models;

/// <summary>Settings of the registry, section <c>Models</c>.</summary>
public sealed class ModelsOptions : IValidatableObject
{
    public const string SectionName = "Models";

    /// <summary>
    /// Retired and rejected versions whose bundles <c>models gc</c> keeps, the latest ones, beside all that are in use: champion, the one
    /// before, what is staged or on its way, and what is quarantined.
    /// </summary>
    [Range(0, 10_000, ErrorMessage = "Models:Keep must be 0 to 10000.")]
    public int Keep { get; set; } = 5;

    /// <summary>
    /// The key that bundles are signed and checked with, for the environment: PEM of a key on the curve P-256 (servers need the public half
    /// only), or 32 bytes or more in Base64, a secret that trainer and servers share. Null: none.
    /// </summary>
    public string? SigningKey { get; set; }

    /// <summary>File of such a key, instead of <see cref="SigningKey"/>.</summary>
    public string? SigningKeyFile { get; set; }

    /// <summary>Whether unsigned bundles are refused; null: everywhere but in Development.</summary>
    public bool? RequireSignature { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrWhiteSpace(SigningKey) && !string.IsNullOrWhiteSpace(SigningKeyFile))
            yield return new ValidationResult("Models:SigningKey and Models:SigningKeyFile are two keys; set one of them.");
    }
}
