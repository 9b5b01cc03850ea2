using System.Net;
using System.Text.Json;

namespace RecSys.Tests.EndToEnd;

/// <summary>Requests for recommendations that are refused.</summary>
[Collection(ServedCollection.Name)]
public sealed class RecommendInputTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("num_items=0")]
    [InlineData("num_items=-1")]
    [InlineData("num_items=101")]
    [InlineData("num_items=2147483648")]
    [InlineData("num_items=10.5")]
    [InlineData("num_items=ten")]
    [InlineData("num_items=")]
    [InlineData("num_items=%2B5")]
    [InlineData("num_items=5&num_items=6")]
    [InlineData("device=toaster")]
    [InlineData("device=")]
    [InlineData("location=")]
    [InlineData("location=a%00b")]
    [InlineData("include=everything")]
    [InlineData("include=timing,,reasons")]
    [InlineData("colour=red")]
    public async Task Recommend_BadParameter_Is400ThatNamesIt(string query)
    {
        using var client = await server.ClientAsync("u", "recommend:read");

        using var response = await client.GetAsync($"/recommend?user_id=u&{query}", Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        var name = query.Split('=')[0];
        Assert.True(problem.RootElement.GetProperty("errors").TryGetProperty(name == "colour" ? "query" : name, out _),
            problem.RootElement.ToString());
        Assert.DoesNotContain("toaster", problem.RootElement.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("user_id=")]
    [InlineData("user_id=a%00b")]
    [InlineData("user_id=a%0D%0Ab")]
    [InlineData("user_id=..%2Fetc%2Fpasswd")]
    [InlineData("user_id=a&user_id=b")]
    [InlineData("user_id=%ED%A0%80")]
    public async Task Recommend_BadUserId_Is400(string query)
    {
        using var client = await server.ClientAsync("a", "recommend:read");

        using var response = await client.GetAsync($"/recommend?{query}", Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Recommend_LongUserId_Is400()
    {
        using var client = await server.ClientAsync("a", "recommend:read");

        using var response = await client.GetAsync($"/recommend?user_id={new string('x', 257)}", Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Recommend_OtherMethodOrPath_Is405Or404()
    {
        using var client = await server.ClientAsync("a", "recommend:read");

        using var wrongMethod = await client.DeleteAsync("/recommend?user_id=a", Token);
        using var wrongPath = await client.GetAsync("/recommendations", Token);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrongMethod.StatusCode);
        Assert.Contains("GET", wrongMethod.Content.Headers.Allow);
        Assert.Equal(HttpStatusCode.NotFound, wrongPath.StatusCode);
        Assert.Equal("application/problem+json", wrongPath.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Recommend_VeryLongRequestLine_Is414()
    {
        using var client = await server.ClientAsync("a", "recommend:read");

        using var response = await client.GetAsync($"/recommend?user_id={new string('x', 9000)}", Token);

        Assert.Equal(HttpStatusCode.RequestUriTooLong, response.StatusCode);
    }
}
