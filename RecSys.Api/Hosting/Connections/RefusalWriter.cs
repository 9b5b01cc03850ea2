using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace RecSys.Api.Hosting.Connections;

/// <summary>
/// Passes on what the HTTP server writes, and gives its own refusals a problem as body. They are known by their form: an error status, no
/// content, and the end of the connection in one piece; nothing in this program answers like that. Where a refusal is cut by the end of a
/// buffer it goes out as it is.
/// </summary>
internal sealed class RefusalWriter(PipeWriter inner) : PipeWriter
{
    private Memory<byte> offered;

    private static ReadOnlySpan<byte> Start => "HTTP/1.1 4"u8;

    private static ReadOnlySpan<byte> NoContent => "\r\nContent-Length: 0\r\n"u8;

    private static ReadOnlySpan<byte> Last => "\r\nConnection: close\r\n"u8;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => offered = inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        var written = offered.Span[..Math.Min(bytes, offered.Length)];
        offered = default;
        if (written.Length == bytes && written.StartsWith(Start) && written.EndsWith("\r\n\r\n"u8) && written.IndexOf(NoContent) >= 0
            && written.IndexOf(Last) >= 0)
        {
            // The bytes lie in memory that was not advanced over yet, so nothing of them is sent.
            var answer = WithBody(written);
            inner.Write(answer);
            return;
        }
        inner.Advance(bytes);
    }

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(source, cancellationToken);

    private static byte[] WithBody(ReadOnlySpan<byte> refusal)
    {
        var head = Encoding.ASCII.GetString(refusal[..^2]);
        var status = head.AsSpan(9, 3);
        var title = head[13..head.IndexOf('\r', StringComparison.Ordinal)];
        var body = $$"""{"title":"{{title}}","status":{{status}},"detail":"{{Explain(status)}}"}""";
        var headers = head.Replace(
            "\r\nContent-Length: 0\r\n",
            string.Create(CultureInfo.InvariantCulture,
                $"\r\nContent-Type: application/problem+json\r\nContent-Length: {body.Length}\r\nCache-Control: private, "
                + $"no-store\r\nX-Content-Type-Options: nosniff\r\n"),
            StringComparison.Ordinal);
        return Encoding.ASCII.GetBytes($"{headers}\r\n{body}");
    }

    private static string Explain(ReadOnlySpan<char> status) => status switch
    {
        "408" => "The request did not arrive in time.",
        "413" => "The body is larger than this route takes.",
        "414" => $"The request line is longer than {KestrelSetup.MaxRequestLineBytes} bytes.",
        "431" => $"The headers are larger than {KestrelSetup.MaxHeaderBytes} bytes together, or more than {KestrelSetup.MaxHeaders}.",
        _ => "This is not a well-formed request.",
    };
}
