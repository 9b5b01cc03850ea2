using System.Security.Cryptography;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Models.Signing;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Models.Signing;

public sealed class BundleTrustTests : IDisposable
{
    private static readonly string Secret = Convert.ToBase64String(Enumerable.Range(1, 32).Select(at => (byte)at).ToArray());

    private readonly TemporaryFolder root = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Algorithms => ["hmac", "ecdsa"];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task LoadAsync_OneByteOfAnyFileChanged_IsRefusedByName(string algorithm)
    {
        var (signing, checking) = Keys(algorithm);
        await PublishAsync("v1.0.0", signing);
        using (await LoadAsync("v1.0.0", checking)) Assert.True(File.Exists(root["v1.0.0/manifest.sig"]));

        foreach (var path in Directory.GetFiles(root["v1.0.0"]))
        {
            var sound = await File.ReadAllBytesAsync(path, Ct);
            foreach (var at in (int[])[0, sound.Length / 2, sound.Length - 1])
            {
                await File.WriteAllBytesAsync(path, [.. sound.Select((b, i) => i == at ? (byte)(b ^ 1) : b)], Ct);
                var refusal = await Assert.ThrowsAsync<RecSysException>(() => LoadAsync("v1.0.0", checking));
                Assert.Contains("v1.0.0", refusal.Message, StringComparison.Ordinal);
            }
            await File.WriteAllBytesAsync(path, sound, Ct);
        }
        using (await LoadAsync("v1.0.0", checking)) Assert.Equal(SignatureState.Valid, await StateAsync("v1.0.0", checking));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task LoadAsync_EveryByteOfManifestAndSignature_IsCoveredBySignature(string algorithm)
    {
        var (signing, checking) = Keys(algorithm);
        await PublishAsync("v1.0.0", signing);
        foreach (var name in (string[])["manifest.json", "manifest.sig"])
        {
            var sound = await File.ReadAllBytesAsync(root[$"v1.0.0/{name}"], Ct);
            // A space for a line feed means the same to a reader of JSON, and is another manifest.
            for (var at = 0; at < sound.Length; at += name == "manifest.sig" ? 1 : 97)
            {
                var changed = sound.ToArray();
                changed[at] = changed[at] == (byte)' ' ? (byte)'\n' : (byte)' ';
                await File.WriteAllBytesAsync(root[$"v1.0.0/{name}"], changed, Ct);
                var finding = await ExamineAsync("v1.0.0", checking);
                Assert.True(finding.Refused, $"byte {at} of {name}");
            }
            foreach (var length in (int[])[0, 1, sound.Length - 1])
            {
                await File.WriteAllBytesAsync(root[$"v1.0.0/{name}"], sound[..length], Ct);
                Assert.True((await ExamineAsync("v1.0.0", checking)).Refused);
            }
            await File.WriteAllBytesAsync(root[$"v1.0.0/{name}"], sound, Ct);
        }
        Assert.False((await ExamineAsync("v1.0.0", checking)).Refused);
    }

    [Fact]
    public async Task Examine_Unsigned_IsRefusedInProductionAndRemarkedInDevelopment()
    {
        await PublishAsync("v1.0.0", BundleTrust.None);

        foreach (var options in (ModelsOptions[])[new(), new() { SigningKey = Secret }])
        {
            var production = await ExamineAsync("v1.0.0", BundleTrust.Of(options, isDevelopment: false));
            var development = await ExamineAsync("v1.0.0", BundleTrust.Of(options, isDevelopment: true));

            Assert.Equal((SignatureState.Missing, true), (production.State, production.Refused));
            Assert.Contains("The bundle v1.0.0 is not signed", production.Remark, StringComparison.Ordinal);
            Assert.Contains("models sign v1.0.0", production.Remark, StringComparison.Ordinal);
            Assert.Equal((SignatureState.Missing, false), (development.State, development.Refused));
            Assert.Contains("outside Development it would be refused", development.Remark, StringComparison.Ordinal);
        }
        var told = await ExamineAsync("v1.0.0", BundleTrust.Of(new() { RequireSignature = true }, isDevelopment: true));
        Assert.True(told.Refused);
        var lax = BundleTrust.Of(new() { RequireSignature = false }, isDevelopment: false);
        Assert.False((await ExamineAsync("v1.0.0", lax)).Refused);
        using (await LoadAsync("v1.0.0", lax)) Assert.False(lax.Signs);
    }

    [Fact]
    public async Task Examine_AnotherKeysSignature_IsRefusedEverywhereAndNamesBothKeys()
    {
        await PublishAsync("v1.0.0", Trust(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
        await PublishAsync("v1.0.1", Keys("ecdsa").Signing);

        foreach (var version in (string[])["v1.0.0", "v1.0.1"])
        {
            var finding = await ExamineAsync(version, Trust(Secret));
            Assert.Equal((SignatureState.Wrong, true), (finding.State, finding.Refused));
            Assert.Contains("signed with another key", finding.Remark, StringComparison.Ordinal);
            await Assert.ThrowsAsync<RecSysException>(() => LoadAsync(version, Trust(Secret)));
        }
        var keyless = await ExamineAsync("v1.0.0", BundleTrust.Of(new(), isDevelopment: false));
        Assert.Equal((SignatureState.Unchecked, true), (keyless.State, keyless.Refused));
        Assert.Contains("Models:SigningKeyFile", keyless.Remark, StringComparison.Ordinal);
        Assert.False((await ExamineAsync("v1.0.0", BundleTrust.None)).Refused);
    }

    [Fact]
    public async Task Examine_SignatureOfAnotherVersion_DoesNotBelongToThisOne()
    {
        await PublishAsync("v1.0.0", Trust(Secret));
        await PublishAsync("v1.0.1", Trust(Secret));
        File.Copy(root["v1.0.1/manifest.sig"], root["v1.0.0/manifest.sig"], overwrite: true);

        var finding = await ExamineAsync("v1.0.0", Trust(Secret));

        Assert.True(finding.Refused);
        Assert.Contains("does not belong to its manifest", finding.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_HmacOfKnownKey_IsThatOfTheLibraryOverTheManifestsBytes()
    {
        await PublishAsync("v1.0.0", Trust(Secret));

        var parts = (await File.ReadAllTextAsync(root["v1.0.0/manifest.sig"], Ct)).TrimEnd('\n').Split(' ');

        var manifest = await File.ReadAllBytesAsync(root["v1.0.0/manifest.json"], Ct);
        Assert.Equal("hmac-sha256", parts[0]);
        Assert.Equal(Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Secret), manifest)), parts[2]);
        Assert.DoesNotContain(Secret, string.Join(' ', parts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignAsync_UnsignedBundle_ServesAfterwardsUnlessItIsDamaged()
    {
        var registry = Registries.Open(root.Path, trust: Trust(Secret, development: false));
        await PublishAsync("v1.0.0", BundleTrust.None);
        var refused = await registry.PromoteAsync("v1.0.0", null, null, "ada", "r", Ct);
        Assert.Contains("not signed", refused.Fault, StringComparison.Ordinal);

        await registry.SignAsync("v1.0.0", Ct);
        await registry.SetChampionAsync("v1.0.0", Ct);

        await PublishAsync("v1.0.1", BundleTrust.None);
        await File.WriteAllTextAsync(root["v1.0.1/ranker.txt"], new string('x', (int)new FileInfo(root["v1.0.1/ranker.txt"]).Length), Ct);
        await Assert.ThrowsAsync<RecSysException>(() => registry.SignAsync("v1.0.1", Ct));
        Assert.False(File.Exists(root["v1.0.1/manifest.sig"]));
        await Assert.ThrowsAsync<RecSysException>(() => Registries.Open(root.Path, trust: Keys("ecdsa").Checking).SignAsync("v1.0.0", Ct));
    }

    [Fact]
    public void RequireSigning_WhereResultsCouldNotServe_SaysSo()
    {
        Assert.Contains("Models:SigningKeyFile",
            Assert.Throws<RecSysException>(() => BundleTrust.Of(new(), isDevelopment: false).RequireSigning()).Message,
            StringComparison.Ordinal);
        BundleTrust.Of(new(), isDevelopment: true).RequireSigning();
        Trust(Secret, development: false).RequireSigning();
    }

    [Theory]
    [InlineData("short")]
    [InlineData("c2hvcnQ=")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----")]
    public void Of_NoKey_IsRefusedWithoutShowingIt(string text)
    {
        var refusal = Assert.Throws<RecSysException>(() => BundleTrust.Of(new() { SigningKey = text }, isDevelopment: false));

        Assert.Contains("Models:SigningKey", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(text, refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("nonsense", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_KeyOfAnotherCurveOrMissingFile_IsRefused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Contains("P-256", Assert.Throws<RecSysException>(() =>
            BundleTrust.Of(new() { SigningKey = other.ExportPkcs8PrivateKeyPem() }, isDevelopment: false)).Message,
            StringComparison.Ordinal);
        Assert.Contains("nowhere.pem", Assert.Throws<RecSysException>(() =>
            BundleTrust.Of(new() { SigningKeyFile = root["nowhere.pem"] }, isDevelopment: false)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => root.Dispose();

    private (BundleTrust Signing, BundleTrust Checking) Keys(string algorithm)
    {
        if (algorithm == "hmac") return (Trust(Secret), Trust(Secret, development: false));
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = root.Write("keys/public.pem", pair.ExportSubjectPublicKeyInfoPem());
        return (Trust(pair.ExportECPrivateKeyPem()), BundleTrust.Of(new() { SigningKeyFile = file }, isDevelopment: false));
    }

    private static BundleTrust Trust(string key, bool development = true) => BundleTrust.Of(new() { SigningKey = key }, development);

    private Task<BundleManifest> PublishAsync(string version, BundleTrust trust) =>
        BundleWriter.PublishAsync(root.Path, version, TestModels.Contents(), trust, Ct);

    private Task<ModelBundle> LoadAsync(string version, BundleTrust trust) =>
        ModelBundle.LoadAsync(root[version], TestModels.Catalogue, new RetrievalOptions(), trust, Ct);

    private async Task<SignatureFinding> ExamineAsync(string version, BundleTrust trust) =>
        trust.Examine(root[version], await File.ReadAllBytesAsync(root[$"{version}/manifest.json"], Ct));

    private async Task<SignatureState> StateAsync(string version, BundleTrust trust) => (await ExamineAsync(version, trust)).State;
}
