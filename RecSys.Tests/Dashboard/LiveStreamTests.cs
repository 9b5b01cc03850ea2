using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Api.Dashboard.Feeds;
using RecSys.Api.Hosting;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Dashboard;

/// <summary>Server-sent events: what comes, how many may listen, and what ends a stream.</summary>
public sealed class LiveStreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_TellsWhatItIsAskedForAndEventsOnce()
    {
        await using var server = await BareServer.StartAsync();
        using var admin = server.Client("root", "admin");
        using var stream = await OpenAsync(admin, "/dashboard/stream?topics=latency,machine,events");

        Assert.Equal("text/event-stream", stream.ContentType);
        Assert.Equal(["latency", "machine", "time"], (await stream.ReadAsync(3)).Select(message => message.Name));
        var posted = await admin.CallAsync("POST", "/events", """{"events":[{"user_id":"u","item_id":"nothing","type":"click"}]}""");
        Assert.Equal(HttpStatusCode.Accepted, posted.Status);

        var later = new List<Message>();
        while (!later.Any(message => message.Name == "events")) later.AddRange(await stream.ReadAsync(1));
        later.AddRange(await stream.ReadAsync(5));
        var told = JsonDocument.Parse(Assert.Single(later, message => message.Name == "events").Data).RootElement.GetProperty("events");
        var one = Assert.Single(told.EnumerateArray());
        Assert.Equal(("u", "parked"), (one.GetProperty("user_id").GetString(), one.GetProperty("code").GetString()));
        var latency = JsonDocument.Parse(later.First(message => message.Name == "latency").Data).RootElement;
        Assert.Equal(0, latency.GetProperty("requests").GetInt64());
    }

    [Fact]
    public async Task Stream_BeyondTheMost_IsRefusedAndOneThatEndsMakesRoom()
    {
        await using var server = await BareServer.StartAsync(null, ("Dashboard:MaxStreams", "2"));
        using var admin = server.Client("root", "admin");
        using var one = await OpenAsync(admin);
        var two = await OpenAsync(admin);

        var refused = await admin.CallAsync("GET", "/dashboard/stream");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(10)), (refused.Status, refused.RetryAfter));
        two.Dispose();

        var streams = server.Services.GetRequiredService<LiveStreams>();
        await Calls.EventuallyAsync(() => Task.FromResult(streams.Open), open => open == 1);
        using var three = await OpenAsync(admin);
        Assert.Equal(2, streams.Open);
    }

    [Fact]
    public async Task Stream_WithoutTheRightOrOfAnUnknownTopic_IsRefused()
    {
        await using var server = await BareServer.StartAsync();
        using var service = server.Client("shop", "service");
        using var admin = server.Client("root", "admin");

        Assert.Equal(HttpStatusCode.Forbidden, (await service.CallAsync("GET", "/dashboard/stream")).Status);
        Assert.Equal(["topics"], (await admin.CallAsync("GET", "/dashboard/stream?topics=latency,gossip")).Faults);
    }

    [Fact]
    public async Task SignOut_EndsTheStreamsOfTheSession()
    {
        await using var server = await BareServer.StartAsync();
        using var admin = server.Client("root", "admin");
        using var begun = await admin.PostAsync("/dashboard/session", null, Token);
        var csrf = JsonDocument.Parse(await begun.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("csrf").GetString();
        using var browser = server.Client();
        browser.DefaultRequestHeaders.Add("Cookie", begun.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        browser.DefaultRequestHeaders.Add("X-CSRF-Token", csrf);
        using var stream = await OpenAsync(browser);

        Assert.Equal(HttpStatusCode.NoContent, (await browser.CallAsync("DELETE", "/dashboard/session")).Status);

        await stream.EndAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.CallAsync("GET", "/dashboard/stream")).Status);
    }

    [Fact]
    public async Task ServerThatBeginsToStop_EndsStreamsBeforeItWaitsForRequests()
    {
        await using var server = await BareServer.StartAsync();
        using var admin = server.Client("root", "admin");
        using var stream = await OpenAsync(admin);

        server.Services.GetRequiredService<Readiness>().Stop();

        await stream.EndAsync();
        Assert.Equal(0, server.Services.GetRequiredService<LiveStreams>().Open);
    }

    [Fact]
    public async Task SignIn_ManyTimesInARow_IsSlowedDownAndAudited()
    {
        await using var server = await BareServer.StartAsync();
        using var guesser = server.ClientWith("no-token");

        var answers = new List<HttpStatusCode>();
        for (var at = 0; at < 12; at++)
        {
            using var reply = at % 2 == 0
                ? await guesser.PostAsync("/dashboard/session", null, Token)
                : await guesser.PostAsync("/dashboard/session/code", JsonContent("{\"code\":\"guess\"}"), Token);
            answers.Add(reply.StatusCode);
        }

        Assert.Equal(Enumerable.Repeat(HttpStatusCode.Unauthorized, 10), answers.Take(10));
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[11]);
        var audit = await File.ReadAllLinesAsync(Path.Combine(server.DataFolder, "audit.jsonl"), Token);
        Assert.Equal(10, audit.Count(line => line.Contains("/dashboard/session", StringComparison.Ordinal)
            && line.Contains("\"status\":401", StringComparison.Ordinal)));
        using var another = server.Client("root", "admin");
        Assert.Equal(HttpStatusCode.OK, (await another.CallAsync("POST", "/dashboard/session")).Status);
    }

    private static StringContent JsonContent(string text) => new(text, System.Text.Encoding.UTF8, "application/json");

    private static async Task<OpenStream> OpenAsync(HttpClient client, string path = "/dashboard/stream")
    {
        var response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new OpenStream(response, new StreamReader(await response.Content.ReadAsStreamAsync(Token)));
    }

    private sealed record Message(string Name, string Data);

    private sealed class OpenStream(HttpResponseMessage response, StreamReader lines) : IDisposable
    {
        public string? ContentType => response.Content.Headers.ContentType?.MediaType;

        public async Task<IReadOnlyList<Message>> ReadAsync(int count)
        {
            var read = new List<Message>();
            while (read.Count < count)
            {
                var name = await lines.ReadLineAsync(Token) ?? throw new EndOfStreamException("The stream ended.");
                var data = await lines.ReadLineAsync(Token);
                Assert.StartsWith("event: ", name, StringComparison.Ordinal);
                Assert.StartsWith("data: ", data, StringComparison.Ordinal);
                Assert.Equal("", await lines.ReadLineAsync(Token));
                read.Add(new Message(name[7..], data![6..]));
            }
            return read;
        }

        /// <summary>Reads what comes until the server ends it.</summary>
        public async Task EndAsync()
        {
            while (await lines.ReadLineAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token) is not null)
            {
            }
        }

        public void Dispose()
        {
            lines.Dispose();
            response.Dispose();
        }
    }
}
