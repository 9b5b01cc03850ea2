using System.Net;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using RecSys.Api.Hosting.Authentication;
using RecSys.Core.Domain;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Browsers;

/// <summary>Tokens that the server signs for pages of a shop's visitors.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class UserTokenTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Token_OfTheServer_IsGoodForItsUserAlone(bool withKeyFile)
    {
        await using var server = await BareServer.StartAsync(
            null, ("Authentication:UserTokenKeyFile", withKeyFile ? KeyFile(out _) : null));
        using var shop = server.Client("shop", "service");
        var before = TimeProvider.System.GetUtcNow();

        var issued = await shop.CallAsync("POST", "/tokens", """{"user_id":"maria","minutes":10}""");
        using var page = server.ClientWith(issued.String("token"));
        var own = await page.CallAsync("POST", "/events", """{"events":[{"user_id":"maria","item_id":"i","type":"click"}]}""");
        var others = await page.CallAsync("POST", "/events", """{"events":[{"user_id":"bob","item_id":"i","type":"click"}]}""");
        var list = await page.CallAsync("GET", "/recommend?user_id=bob");
        var more = await page.CallAsync("POST", "/tokens", """{"user_id":"maria"}""");
        var catalogue = await page.CallAsync("PUT", "/items/x", "{}");

        Assert.Equal(HttpStatusCode.OK, issued.Status);
        Assert.InRange(issued.Body.GetProperty("expires_at").GetDateTimeOffset(), before.AddMinutes(9.9), before.AddMinutes(10.5));
        Assert.Equal(HttpStatusCode.Accepted, own.Status);
        Assert.All([others, list, more, catalogue], refused => Assert.Equal(HttpStatusCode.Forbidden, refused.Status));
    }

    [Theory]
    [InlineData("{}", "/user_id")]
    [InlineData("""{"user_id":""}""", "/user_id")]
    [InlineData("""{"user_id":"maria","minutes":0}""", "/minutes")]
    [InlineData("""{"user_id":"maria","minutes":61}""", "/minutes")]
    [InlineData("""{"user_id":"maria","scope":"admin"}""", "")]
    public async Task Request_ThatIsNone_IsToldWhere(string body, string pointer)
    {
        await using var server = await BareServer.StartAsync();
        using var shop = server.Client("shop", "service");

        var refused = await shop.CallAsync("POST", "/tokens", body);

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(pointer, refused.Faults);
    }

    // The key lies on a machine that serves the web: what it signs must be worth little.
    [Fact]
    public async Task Token_OfTheSameKeyWithFurtherScopes_IsRefused()
    {
        await using var server = await BareServer.StartAsync(null, ("Authentication:UserTokenKeyFile", KeyFile(out var pem)));
        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        var now = TimeProvider.System.GetUtcNow();
        string Signed(params string[] scopes) => TokenSigning.Sign(
            new AuthenticationSettings(), new ECDsaSecurityKey(key), "maria", scopes, now, now.AddMinutes(5));
        using var fine = server.ClientWith(Signed(Scopes.EventsWrite));
        using var greedy = server.ClientWith(Signed(Scopes.EventsWrite, Scopes.Admin));
        const string Click = """{"events":[{"user_id":"maria","item_id":"i","type":"click"}]}""";

        Assert.Equal(HttpStatusCode.Accepted, (await fine.CallAsync("POST", "/events", Click)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await greedy.CallAsync("POST", "/events", Click)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await greedy.CallAsync("GET", "/models")).Status);
    }

    [Fact]
    public async Task KeyFile_ThatOthersMayRead_StopsTheStart()
    {
        var file = KeyFile(out _);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        var failure = await Assert.ThrowsAsync<RecSysException>(
            () => BareServer.StartAsync(null, ("Authentication:UserTokenKeyFile", file)));

        Assert.Contains("chmod 600", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Server_OutsideDevelopmentWithoutAKey_IssuesNone()
    {
        var tokens = new UserTokens(new AuthenticationSettings(), new ProductionEnvironment(), TimeProvider.System);

        Assert.Null(tokens.Issue("maria", null));
        Assert.Null(tokens.Key);
    }

    private string KeyFile(out string pem)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        pem = key.ExportECPrivateKeyPem();
        var file = folder.Write("user-tokens.pem", pem);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    private sealed class ProductionEnvironment : Microsoft.Extensions.Hosting.IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "Production";
        public string ApplicationName { get; set; } = "recsys";
        public string ContentRootPath { get; set; } = "/";
        public Microsoft.Extensions.FileProviders.IFileProvider ContentRootFileProvider { get; set; } = null!;
    }
}
