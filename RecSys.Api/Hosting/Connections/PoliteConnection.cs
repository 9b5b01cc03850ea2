using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace RecSys.Api.Hosting.Connections;

/// <summary>
/// Stands between the sockets and the HTTP parser and mends two of its manners: requests that it refuses itself (a line too long, headers
/// too large or too slow, syntax) get a body like every other refusal, and a client that closes its sending half after its request still
/// gets the answer.
/// </summary>
internal sealed class PoliteConnection(ConnectionDelegate next)
{
    /// <summary>How long a client that has closed its half, or is gone altogether, is worked for.</summary>
    public static readonly TimeSpan AfterHalfClose = TimeSpan.FromSeconds(5);

    public async Task RunAsync(ConnectionContext connection)
    {
        // The parser aborts the request at hand when this token fires, which the sockets do at the end of the input already.
        using var closed = new CancellationTokenSource();
        var original = connection.ConnectionClosed;
        await using var delayed = original.UnsafeRegister(static state => Delay((CancellationTokenSource)state!), closed);
        var transport = connection.Transport;
        connection.ConnectionClosed = closed.Token;
        connection.Transport = new Duplex(new PatientReader(transport.Input), new RefusalWriter(transport.Output));
        try
        {
            await next(connection);
        }
        finally
        {
            connection.ConnectionClosed = original;
            connection.Transport = transport;
        }
    }

    private static void Delay(CancellationTokenSource closed)
    {
        try
        {
            closed.CancelAfter(AfterHalfClose);
        }
        catch (ObjectDisposedException)
        {
            // The connection ended at the same moment.
        }
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
