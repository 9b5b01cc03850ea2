using System.Collections.Concurrent;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RecSys.Tests.Hosting.Telemetry;

/// <summary>
/// A collector of OTLP over HTTP on a loopback port (https://opentelemetry.io/docs/specs/otlp): keeps the spans, the bodies of the log and
/// the number of posts of each kind.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Span> spans = [];
    private readonly ConcurrentQueue<byte[]> logs = [];
    private readonly ConcurrentDictionary<string, int> posts = [];

    private OtlpReceiver(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());

    public IReadOnlyCollection<Span> Spans => spans;

    public IReadOnlyCollection<byte[]> Logs => logs;

    public int PostsOf(string signal) => posts.GetValueOrDefault(signal);

    public static async Task<OtlpReceiver> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver.app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            receiver.Take(http.Request.Path.Value!, body.ToArray());
            http.Response.ContentType = "application/x-protobuf";
        });
        await receiver.app.StartAsync(cancellationToken);
        return receiver;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private void Take(string path, byte[] body)
    {
        posts.AddOrUpdate(path, 1, (_, count) => count + 1);
        if (path == "/v1/logs") logs.Enqueue(body);
        if (path != "/v1/traces") return;
        // ExportTraceServiceRequest { resource_spans = 1 { scope_spans = 2 { spans = 2 } } }
        foreach (var resource in Messages(body, 1))
        {
            foreach (var span in Messages(resource, 2).SelectMany(scope => Messages(scope, 2)))
            {
                spans.Enqueue(new Span(
                    Text(span, 5), Convert.ToHexString(Messages(span, 2).First()),
                    Messages(span, 4).Select(Convert.ToHexString).FirstOrDefault(""),
                    // KeyValue { key = 1, value = 2 { string_value = 1 } }
                    Messages(span, 9).ToDictionary(
                        pair => Text(pair, 1), pair => Messages(pair, 2).Select(value => Text(value, 1)).FirstOrDefault(""))));
            }
        }
    }

    private static string Text(byte[] message, int field) => Messages(message, field).Select(Encoding.UTF8.GetString).FirstOrDefault("");

    private static List<byte[]> Messages(byte[] message, int field)
    {
        var found = new List<byte[]>();
        var input = new CodedInputStream(message);
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
                found.Add(input.ReadBytes().ToByteArray());
            else input.SkipLastField();
        }
        return found;
    }

    internal sealed record Span(string Name, string Id, string Parent, IReadOnlyDictionary<string, string> Attributes);
}
