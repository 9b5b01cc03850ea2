using System.Net;
using System.Security.Cryptography;
using RecSys.Api.Hosting.Authentication;

namespace RecSys.Tests.Hosting.Authentication;

/// <summary>
/// Tokens with a good signature and something else that is wrong; the others are in <see cref="EndToEnd.AuthenticationTests"/>.
/// </summary>
public sealed class TokenAttackTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    public static TheoryData<string, string> Claims => new()
    {
        { "issuer beyond ASCII", """{"iss":"récsys\r\nX: y","aud":"recsys-api","sub":"alice","scope":"recommend:read","exp":EXP}""" },
        { "issuer in Chinese", """{"iss":"推荐","aud":"recsys-api","sub":"alice","scope":"recommend:read","exp":EXP}""" },
        { "audience beyond ASCII", """{"iss":"recsys","aud":"推荐","sub":"alice","scope":"recommend:read","exp":EXP}""" },
        { "two subjects", """{"iss":"recsys","aud":"recsys-api","sub":"bob","sub":"alice","scope":"recommend:read","exp":EXP}""" },
        { "two scopes", """{"iss":"recsys","aud":"recsys-api","sub":"alice","scope":"x","scope":"recommend:read","exp":EXP}""" },
        { "two ends", """{"iss":"recsys","aud":"recsys-api","sub":"alice","scope":"recommend:read","exp":1,"exp":EXP}""" },
        { "subject of another type", """{"iss":"recsys","aud":"recsys-api","sub":["alice"],"scope":"recommend:read","exp":EXP}""" },
        { "subject null", """{"iss":"recsys","aud":"recsys-api","sub":null,"scope":"recommend:read","exp":EXP}""" },
        { "empty subject", """{"iss":"recsys","aud":"recsys-api","sub":"","scope":"recommend:read","exp":EXP}""" },
        { "subject with control characters", """{"iss":"recsys","aud":"recsys-api","sub":"a\r\nb","scope":"recommend:read","exp":EXP}""" },
        { "end as text", """{"iss":"recsys","aud":"recsys-api","sub":"alice","scope":"recommend:read","exp":"never"}""" },
        { "end beyond time", """{"iss":"recsys","aud":"recsys-api","sub":"alice","scope":"recommend:read","exp":-1e300}""" },
        { "not yet", """{"iss":"recsys","aud":"recsys-api","sub":"alice","scope":"recommend:read","nbf":LATER,"exp":EXP}""" },
        { "no object", """["recsys"]""" },
        { "comment", """{"iss":"recsys",/**/"aud":"recsys-api","sub":"alice","scope":"recommend:read","exp":EXP}""" },
    };

    [Theory]
    [MemberData(nameof(Claims))]
    public async Task Token_WithClaimsThatAreNoGood_Is401WithoutEcho(string what, string claims)
    {
        Assert.NotEmpty(what);
        claims = claims.Replace("EXP", $"{Now + 600}", StringComparison.Ordinal).Replace("LATER", $"{Now + 300}", StringComparison.Ordinal);
        using var key = DevelopmentKey.LoadOrCreate();
        var token = TestIssuer.Token(data => key.SignData(data, HashAlgorithmName.SHA256), TestIssuer.Header("ES256", null), claims);

        await RefusedAsync(token);
    }

    [Theory]
    [InlineData("""{"alg":"ES256","alg":"ES256","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":""}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":7}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","x5c":["AA"]}""")]
    [InlineData("""{"alg":"ES384","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"nOnE","typ":"at+jwt"}""")]
    [InlineData("""{"typ":"at+jwt"}""")]
    public async Task Token_WithAHeaderThatIsNoGood_Is401(string header)
    {
        using var key = DevelopmentKey.LoadOrCreate();

        await RefusedAsync(
            TestIssuer.Token(data => key.SignData(data, HashAlgorithmName.SHA256), System.Text.Json.JsonDocument.Parse(header).RootElement,
            TestIssuer.Claims()));
    }

    // The same by hand without a fault, or all of the above could be refused for another reason.
    [Fact]
    public async Task Token_WithoutFault_IsTaken()
    {
        await using var server = await BareServer.StartAsync();
        using var key = DevelopmentKey.LoadOrCreate();
        using var client = server.ClientWith(TestIssuer.Es256(key, null));

        using var response = await client.GetAsync("/popular", Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task RefusedAsync(string token)
    {
        await using var server = await BareServer.StartAsync();
        using var client = server.ClientWith(token);

        using var response = await client.GetAsync("/popular", Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("recsys", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }
}
