using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using RecSys.Api.Hosting.Authentication;
using RecSys.Core.Domain;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Hosting.Authentication;

public sealed class JwksTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ECDsa first = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa second = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA rsa = RSA.Create(2048);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_WithKeySet_TakesBothKindsOfKeyAndNoOther()
    {
        var set = folder.Write("jwks.json", TestIssuer.Set(TestIssuer.Jwk(first, "a"), TestIssuer.Jwk(rsa, "r")));
        await using var server = await BareServer.StartAsync(options: [("Authentication:Jwks", set)]);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, TestIssuer.Es256(first, "a")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, TestIssuer.Es256(first, null)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, TestIssuer.Rs256(rsa, "r")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, TestIssuer.Es256(second, "a")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, TestIssuer.Es256(first, "r")));
    }

    // The classic confusion: the public key, which everybody has, taken as the secret of a symmetric algorithm.
    [Theory]
    [InlineData("HS256")]
    [InlineData("RS256")]
    [InlineData("ES256")]
    public async Task Server_PublicRsaKeyUsedAsSecret_IsRefused(string algorithm)
    {
        var set = folder.Write("jwks.json", TestIssuer.Set(TestIssuer.Jwk(rsa, "r")));
        await using var server = await BareServer.StartAsync(options: [("Authentication:Jwks", set)]);
        foreach (var secret in (byte[][])[Encoding.UTF8.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()), rsa.ExportSubjectPublicKeyInfo(),
            rsa.ExportRSAPublicKey()])
        {
            foreach (var kid in (string?[])["r", null])
            {
                var token = TestIssuer.Token(data => HMACSHA256.HashData(secret, data), TestIssuer.Header(algorithm, kid),
                    TestIssuer.Claims());

                Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, token));
            }
        }
    }

    [Fact]
    public async Task Server_WithoutKeySet_TakesNoRs256()
    {
        await using var server = await BareServer.StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, TestIssuer.Rs256(rsa, null)));
    }

    [Fact]
    public async Task Refresh_UnknownKey_ReadsAtMostOnceInTheInterval()
    {
        var time = new FakeTimeProvider();
        var path = folder.Write("jwks.json", TestIssuer.Set(TestIssuer.Jwk(first, "a")));
        using var keys = Keys(path, time);
        await keys.LoadAsync(Cancellation);
        folder.Write("jwks.json", TestIssuer.Set(TestIssuer.Jwk(first, "a"), TestIssuer.Jwk(second, "b")));

        await keys.RefreshForAsync("b", Cancellation);
        Assert.DoesNotContain(keys.Find("b"), key => key.KeyId == "b");
        time.Advance(TimeSpan.FromSeconds(30));
        await keys.RefreshForAsync("b", Cancellation);

        Assert.Contains(keys.Find("b"), key => key.KeyId == "b");
        Assert.Contains(keys.Find("a"), key => key.KeyId == "a");
    }

    [Fact]
    public async Task Refresh_KeyGoneFromTheSet_IsGone_AndAnUnreadableSetChangesNothing()
    {
        var time = new FakeTimeProvider();
        var path = folder.Write("jwks.json", TestIssuer.Set(TestIssuer.Jwk(first, "a")));
        using var keys = Keys(path, time);
        await keys.LoadAsync(Cancellation);

        folder.Write("jwks.json", "no key set");
        time.Advance(TimeSpan.FromMinutes(1));
        await keys.RefreshForAsync("b", Cancellation);
        Assert.Single(keys.Find("a"));

        folder.Write("jwks.json", TestIssuer.Set(TestIssuer.Jwk(second, "b")));
        time.Advance(TimeSpan.FromMinutes(1));
        await keys.RefreshForAsync("b", Cancellation);
        Assert.Single(keys.Find("b"));
        Assert.Empty(keys.Find("a"));
    }

    [Fact]
    public async Task Source_OverHttp_FollowsNoRedirectAndHasASizeLimit()
    {
        await using var issuer = await IssuerAsync();

        using var good = new JwksSource($"{issuer.Urls.First()}/good");
        using var moved = new JwksSource($"{issuer.Urls.First()}/moved");
        using var large = new JwksSource($"{issuer.Urls.First()}/large");

        Assert.Single(await good.ReadAsync(Cancellation));
        Assert.Contains("302", (await Assert.ThrowsAsync<RecSysException>(() => moved.ReadAsync(Cancellation))).Message,
            StringComparison.Ordinal);
        await Assert.ThrowsAsync<RecSysException>(() => large.ReadAsync(Cancellation));
    }

    [Theory]
    [InlineData("http://id.example/jwks.json")]
    [InlineData("ftp://id.example/jwks.json")]
    [InlineData("https://user:secret@id.example/jwks.json")]
    [InlineData("http://127.0.0.1.example.org/jwks.json")]
    public void Source_AddressThatOthersCouldAnswer_IsRefused(string address) =>
        Assert.Throws<RecSysException>(() => new JwksSource(address));

    [Fact]
    public void Parse_SetsThatAreNoGood_SayWhy()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var small = RSA.Create(1024);
        Assert.All(
            (string[])
            [
                "{}", "[]", """{"keys":[]}""", """{"keys":[{"kty":"EC","crv":"P-384","x":"AA","y":"AA"}]}""",
                    """{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}""",
                """{"keys":[{"kty":"EC","crv":"P-256","x":"AA"}]}""", """{"keys":[{"kty":"oct","k":"AA"}]}""",
                TestIssuer.Set(TestIssuer.Jwk(small, "s")),
                """{"keys":[{"kty":"EC","kty":"RSA"}]}""", """{"keys":[{"kty":5}]}""",
            ],
            set => Assert.Throws<RecSysException>(() => JsonWebKeys.Parse(Encoding.UTF8.GetBytes(set))));

        var withPrivate = TestIssuer.Set(TestIssuer.Jwk(first, "a"), new { kty = "EC", crv = "P-256", x = "AA", y = "AA", d = "AA" });
        Assert.Contains("private", Assert.Throws<RecSysException>(() => JsonWebKeys.Parse(Encoding.UTF8.GetBytes(withPrivate))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void PublicKeyFile_OtherCurveOrPrivateKey_IsRefusedWithTheReason()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Assert.NotNull(PublicKeyFile.Read(folder.Write("good.pem", first.ExportSubjectPublicKeyInfoPem())));
        Refused("P-256", p384.ExportSubjectPublicKeyInfoPem());
        Refused("private", first.ExportPkcs8PrivateKeyPem());
        Refused("private", first.ExportECPrivateKeyPem());
        Refused("PEM", rsa.ExportSubjectPublicKeyInfoPem());
        Refused("PEM", "nothing");

        void Refused(string why, string pem) =>
            Assert.Contains(why, Assert.Throws<RecSysException>(() => PublicKeyFile.Read(folder.Write("bad.pem", pem))).Message,
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-600, 600, true)]
    [InlineData(-600, -29, true)]
    [InlineData(-600, -31, false)]
    [InlineData(29, 600, true)]
    [InlineData(31, 600, false)]
    [InlineData(-1200, -600, false)]
    public void IsAlive_ClockThatIsOff_IsForgivenThirtySeconds(int notBefore, int expires, bool alive)
    {
        var now = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        Assert.Equal(alive, TokenValidation.IsAlive(now.AddSeconds(notBefore), now.AddSeconds(expires), now));
        Assert.False(TokenValidation.IsAlive(now, null, now));
    }

    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
        rsa.Dispose();
        folder.Dispose();
    }

    private static IssuerKeys Keys(string path, TimeProvider time) =>
        new(new AuthenticationSettings { Jwks = path },
            Array.Empty<SecurityKey>(), new JwksSource(path), time, new ListLogger<IssuerKeys>());

    private async Task<WebApplication> IssuerAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/good", () => Results.Text(TestIssuer.Set(TestIssuer.Jwk(first, "a")), "application/json"));
        app.MapGet("/moved", () => Results.Redirect("/good"));
        app.MapGet("/large", () => Results.Text(new string(' ', 300_000) + TestIssuer.Set(TestIssuer.Jwk(first, "a")), "application/json"));
        await app.StartAsync(Cancellation);
        return app;
    }

    private static async Task<HttpStatusCode> StatusAsync(BareServer server, string token)
    {
        using var client = server.ClientWith(token);
        using var response = await client.GetAsync("/popular", Cancellation);
        return response.StatusCode;
    }
}
