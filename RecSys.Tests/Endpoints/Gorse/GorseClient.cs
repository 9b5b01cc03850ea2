using System.Net;
using System.Text;
using System.Text.Json;

namespace RecSys.Tests.Endpoints.Gorse;

/// <summary>
/// Requests as gorse's clients for Go, Python and TypeScript make them: the key in its header, a content type with every request and, from
/// Go, a body of <c>null</c> with those that need none.
/// </summary>
internal sealed class GorseClient(Uri server, string key) : IDisposable
{
    private readonly HttpClient http = new();

    public async Task<(HttpStatusCode Status, JsonElement Body)> CallAsync(string method, string path, string body = "null")
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), new Uri(server, "/api/gorse" + path));
        request.Headers.Add("X-API-Key", key);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonDocument.Parse(text).RootElement);
    }

    /// <summary>A call that must go well, which to gorse's clients is 200 and nothing else.</summary>
    public async Task<JsonElement> AskAsync(string method, string path, string body = "null")
    {
        var (status, reply) = await CallAsync(method, path, body);
        Assert.True(status == HttpStatusCode.OK, $"{method} {path}: {(int)status} {reply}");
        return reply;
    }

    /// <summary>A write, and how many rows it affected.</summary>
    public async Task<int> WriteAsync(string method, string path, string body = "null") =>
        (await AskAsync(method, path, body)).GetProperty("RowAffected").GetInt32();

    /// <summary>A list of scores as ids.</summary>
    public async Task<string[]> ScoredAsync(string path)
    {
        var scores = (await AskAsync("GET", path)).EnumerateArray().ToList();
        Assert.All(scores, score => Assert.True(double.IsFinite(score.GetProperty("Score").GetDouble())));
        return [.. scores.Select(score => score.GetProperty("Id").GetString()!)];
    }

    public async Task<string[]> IdsAsync(string path) =>
        [.. (await AskAsync("GET", path)).EnumerateArray().Select(id => id.GetString()!)];

    public void Dispose() => http.Dispose();
}
