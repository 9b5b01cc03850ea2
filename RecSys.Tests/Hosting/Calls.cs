using System.Net;
using System.Text;
using System.Text.Json;

namespace RecSys.Tests.Hosting;

/// <summary>Requests with JSON bodies, and what came back.</summary>
internal static class Calls
{
    /// <summary>Sends a request.</summary>
    /// <returns>The status, and the body; undefined where it is empty or no JSON.</returns>
    public static async Task<Reply> CallAsync(this HttpClient client, string method, string path, string? body = null,
        string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var isJson = response.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json";
        return new Reply(
            response.StatusCode, text, isJson ? JsonDocument.Parse(text).RootElement : default,
            response.Content.Headers.ContentType?.MediaType, response.Headers.RetryAfter?.Delta);
    }

    /// <summary>
    /// Asks again until the condition holds, at most for thirty seconds. Who asks more often than a client may is told when to come again,
    /// which is no answer.
    /// </summary>
    public static async Task<T> EventuallyAsync<T>(Func<Task<T>> ask, Func<T, bool> isMet)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var last = await ask();
            var tooOften = last is Reply { Status: HttpStatusCode.TooManyRequests };
            if (!tooOften && isMet(last)) return last;
            if (TimeProvider.System.GetElapsedTime(deadline) > TimeSpan.FromSeconds(30))
                throw new TimeoutException($"It did not come about within thirty seconds; the last answer was {last}.");
            await Task.Delay(tooOften ? 1000 : 20, TestContext.Current.CancellationToken);
        }
    }
}

internal sealed record Reply(HttpStatusCode Status, string Text, JsonElement Body, string? ContentType, TimeSpan? RetryAfter)
{
    public string? String(string name) => Body.GetProperty(name).GetString();

    public long Number(string name) => Body.GetProperty(name).GetInt64();

    /// <summary>Names of the faults of a problem.</summary>
    public string[] Faults => [.. Body.GetProperty("errors").EnumerateObject().Select(fault => fault.Name)];
}
