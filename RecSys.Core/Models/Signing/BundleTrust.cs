using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Models.Signing;

/// <summary>
/// Which bundles may serve here by their signature. A manifest holds the checksum of every other file, so a signature of its bytes is one
/// of the whole bundle.
/// </summary>
public sealed class BundleTrust
{
    private readonly SigningKey? key;

    private BundleTrust(SigningKey? key, bool isRequired) => (this.key, IsRequired) = (key, isRequired);

    /// <summary>Takes unsigned bundles and has no key.</summary>
    public static BundleTrust None { get; } = new(null, isRequired: false);

    /// <summary>True when an unsigned bundle is refused.</summary>
    public bool IsRequired { get; }

    /// <summary>True when what is published here gets a signature.</summary>
    public bool Signs => key is { CanSign: true };

    /// <param name="options">Key, and whether signatures are needed.</param>
    /// <param name="isDevelopment">In Development unsigned bundles serve unless the options say otherwise; elsewhere they do not.</param>
    /// <exception cref="RecSysException">The key cannot be read or is none.</exception>
    public static BundleTrust Of(ModelsOptions options, bool isDevelopment) =>
        new(KeyOf(options), options.RequireSignature ?? !isDevelopment);

    /// <summary>Refuses work whose result could not be served.</summary>
    /// <exception cref="RecSysException">Signatures are required and there is no key to make one.</exception>
    public void RequireSigning()
    {
        if (IsRequired && !Signs)
            throw new RecSysException($"A model trained here could not serve: bundles must be signed and there is no key to sign with. "
                + Advice);
    }

    /// <summary>How the signature of a bundle stands.</summary>
    /// <param name="folder">Of the bundle.</param>
    /// <param name="manifest">The bytes of its manifest.</param>
    public SignatureFinding Examine(string folder, ReadOnlySpan<byte> manifest)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        var file = new FileInfo(Path.Combine(folder, BundleFiles.Signature));
        if (!file.Exists && file.LinkTarget is null)
            return new SignatureFinding(SignatureState.Missing,
                IsRequired ? $"The bundle {name} is not signed, which this server requires. {SignIt(name)}" : $"The bundle {name} is not "
                    + "signed; outside Development it would be refused.", IsRequired);
        var signature = file.LinkTarget is not null || file.Length > ManifestSignature.MaxBytes
            ? null : ManifestSignature.Parse(File.ReadAllBytes(file.FullName));
        if (signature is null)
            return new SignatureFinding(SignatureState.Wrong, $"The signature of the bundle {name} is damaged. {SignIt(name)}",
                IsRequired || key is not null);
        if (key is null)
            return new SignatureFinding(SignatureState.Unchecked,
                $"The bundle {name} is signed with the key {Shown(signature)}, and there is no key here to check that with. {Advice}",
                IsRequired);
        if (signature.Algorithm != key.Algorithm || signature.KeyId != key.Id)
            return new SignatureFinding(SignatureState.Wrong,
                $"The bundle {name} is signed with another key ({Shown(signature)}) than the one of this process ({key.Algorithm} "
                    + $"{key.Id}). {SignIt(name)}", Refused: true);
        return key.Verify(manifest, signature.Value)
            ? new SignatureFinding(SignatureState.Valid, $"signed with {key.Algorithm} {key.Id}", Refused: false)
            : new SignatureFinding(SignatureState.Wrong,
                $"The signature of the bundle {name} does not belong to its manifest: one of them was changed. Publish the bundle again "
                    + "under a new version, or serve another.", Refused: true);
    }

    /// <exception cref="RecSysException">Such a bundle must not serve here.</exception>
    internal void Require(string folder, ReadOnlySpan<byte> manifest)
    {
        if (!IsRequired && key is null) return;
        var finding = Examine(folder, manifest);
        if (finding.Refused) throw new RecSysException(finding.Remark);
    }

    /// <summary>Writes the signature beside a manifest, or nothing when there is no key to sign with.</summary>
    internal async Task SignAsync(string folder, ReadOnlyMemory<byte> manifest, CancellationToken cancellationToken)
    {
        if (!Signs) return;
        var signature = new ManifestSignature(key!.Algorithm, key.Id, key.Sign(manifest.Span));
        await DurableFile.ReplaceAsync(Path.Combine(folder, BundleFiles.Signature), signature.ToBytes(), cancellationToken);
    }

    private static string Advice => "Set Models:SigningKeyFile to the file of the key (or Models:SigningKey, from the environment), or "
        + "Models:RequireSignature to false to do without.";

    private static string SignIt(string version) =>
        $"If it is yours, sign it with: models sign {version} (with the key in Models:SigningKeyFile or Models:SigningKey).";

    private static string Shown(ManifestSignature signature) =>
        new([.. $"{signature.Algorithm} {signature.KeyId}".Take(64)
            .Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or ' ' ? c : '?')]);

    private static SigningKey? KeyOf(ModelsOptions options)
    {
        if (!string.IsNullOrWhiteSpace(options.SigningKey)) return SigningKey.Read(options.SigningKey, "Models:SigningKey");
        if (string.IsNullOrWhiteSpace(options.SigningKeyFile)) return null;
        try
        {
            return SigningKey.Read(File.ReadAllText(options.SigningKeyFile), options.SigningKeyFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.Reading(options.SigningKeyFile, e);
        }
    }
}
