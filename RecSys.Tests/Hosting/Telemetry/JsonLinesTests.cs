using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RecSys.Api.Hosting.Telemetry;

namespace RecSys.Tests.Hosting.Telemetry;

public sealed class JsonLinesTests
{
    [Fact]
    public void Write_WithinASpan_CarriesItsIds()
    {
        using var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();

        var line = Line("Stage {Stage} of \"{Request}\"\nfailed", new InvalidOperationException("broken"));

        Assert.Equal(activity.TraceId.ToHexString(), line.GetProperty("trace_id").GetString());
        Assert.Equal(activity.SpanId.ToHexString(), line.GetProperty("span_id").GetString());
        Assert.Equal(("warning", "RecSys.Test"), (line.GetProperty("level").GetString(), line.GetProperty("category").GetString()));
        Assert.Equal("Stage rank of \"req_1\"\nfailed", line.GetProperty("message").GetString());
        Assert.Equal("rank", line.GetProperty("fields").GetProperty("Stage").GetString());
        Assert.Contains("broken", line.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_OutsideOfASpan_HasNone()
    {
        Activity.Current = null;

        Assert.False(Line("nothing {Stage} {Request}", null).TryGetProperty("trace_id", out _));
    }

    private static JsonElement Line(string template, Exception? exception)
    {
        var logger = new Catching();
#pragma warning disable CA2254, CA1848 // The template is the test's.
        logger.LogWarning(exception, template, "rank", "req_1");
#pragma warning restore CA2254, CA1848
        var lines = logger.Written.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return JsonDocument.Parse(Assert.Single(lines)).RootElement;
    }

    private sealed class Catching : ILogger
    {
        public string Written { get; private set; } = "";

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            using var text = new StringWriter();
            new JsonLines().Write(new LogEntry<TState>(logLevel, "RecSys.Test", eventId, state, exception, formatter), null, text);
            Written = text.ToString();
        }
    }
}
