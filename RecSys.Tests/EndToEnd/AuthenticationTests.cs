using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RecSys.Api.Hosting.Authentication;

namespace RecSys.Tests.EndToEnd;

[Collection(ServedCollection.Name)]
public sealed class AuthenticationTests(ServerFixture server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("alice", "recommend:read", "alice", HttpStatusCode.OK)]
    [InlineData("alice", "recommend:read", "bob", HttpStatusCode.Forbidden)]
    [InlineData("alice", "events:write", "alice", HttpStatusCode.Forbidden)]
    [InlineData("backend", "recommend:read service", "bob", HttpStatusCode.OK)]
    [InlineData("root", "admin", "bob", HttpStatusCode.OK)]
    [InlineData("backend", "service", "bob", HttpStatusCode.Forbidden)]
    public async Task Recommend_SubjectAndScope_DecideWhoMayAskForWhom(string subject, string scopes, string user, HttpStatusCode expected)
    {
        using var client = await server.ClientAsync(subject, scopes);

        using var response = await client.GetAsync($"/recommend?user_id={user}", Cancellation);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Recommend_ForbiddenUser_LooksTheSameWhetherItExistsOrNot()
    {
        using var client = await server.ClientAsync("alice", "recommend:read");

        var existing = await BodyAsync(client, server.World.Users[0].Id);
        var unknown = await BodyAsync(client, "nobody-at-all");

        Assert.Equal(existing, unknown);

        static async Task<string> BodyAsync(HttpClient client, string user)
        {
            using var response = await client.GetAsync($"/recommend?user_id={user}", Cancellation);
            using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
            return string.Join(';', problem.RootElement.EnumerateObject().Where(p => p.Name != "trace_id" && p.Name != "traceId").Select(p => $"{p.Name}={p.Value}"));
        }
    }

    public static TheoryData<string> BadTokens() =>
    [
        "none", "none-unsigned", "hs256-with-public-key", "issuer", "audience", "type", "expired", "no-expiry", "no-subject", "kid-path", "jku", "x5u", "jwk", "crit",
        "huge", "other-key", "garbage", "tampered",
    ];

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task Recommend_BadToken_Is401(string fault)
    {
        using var client = await server.ClientAsync(null);
        if (fault != "none") client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Make(fault));

        using var response = await client.GetAsync("/recommend?user_id=alice", Cancellation);

        Assert.Equal(fault == "huge" ? HttpStatusCode.RequestHeaderFieldsTooLarge : HttpStatusCode.Unauthorized, response.StatusCode);
        if (fault != "huge") Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Recommend_HandMadeGoodToken_IsAccepted()
    {
        using var client = await server.ClientAsync(null);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Make("nothing"));

        using var response = await client.GetAsync("/recommend?user_id=alice", Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    // Built by hand, so that the tests do not depend on what a token library is willing to make.
    private static string Make(string fault)
    {
        if (fault == "garbage") return "not.a.token";
        if (fault == "huge") return new string('x', 64 * 1024);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var header = new Dictionary<string, object> { ["alg"] = "ES256", ["typ"] = "at+jwt" };
        var claims = new Dictionary<string, object>
        {
            ["iss"] = "recsys", ["aud"] = "recsys-api", ["sub"] = "alice", ["scope"] = "recommend:read", ["iat"] = now, ["exp"] = now + 600,
        };
        switch (fault)
        {
            case "none-unsigned": header["alg"] = "none"; break;
            case "hs256-with-public-key": header["alg"] = "HS256"; break;
            case "issuer": claims["iss"] = "somebody"; break;
            case "audience": claims["aud"] = "elsewhere"; break;
            case "type": header["typ"] = "id+jwt"; break;
            case "expired": claims["exp"] = now - 31; break;
            case "no-expiry": claims.Remove("exp"); break;
            case "no-subject": claims.Remove("sub"); break;
            case "kid-path": header["kid"] = "../../etc/passwd"; break;
            case "jku": header["jku"] = "https://evil.example/keys"; break;
            case "x5u": header["x5u"] = "https://evil.example/cert"; break;
            case "jwk": header["jwk"] = new { kty = "EC" }; break;
            case "crit": header["crit"] = (string[])["exp"]; break;
        }
        using var key = fault == "other-key" ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : DevelopmentKey.LoadOrCreate();
        var content = $"{Encode(header)}.{Encode(claims)}";
        var signature = fault switch
        {
            "none-unsigned" => [],
            "hs256-with-public-key" => HMACSHA256.HashData(Encoding.UTF8.GetBytes(key.ExportSubjectPublicKeyInfoPem()), Encoding.UTF8.GetBytes(content)),
            _ => key.SignData(Encoding.UTF8.GetBytes(content), HashAlgorithmName.SHA256),
        };
        if (fault == "tampered") content = $"{Encode(header)}.{Encode(new Dictionary<string, object>(claims) { ["scope"] = "admin" })}";
        return $"{content}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
