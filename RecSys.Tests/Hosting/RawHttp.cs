using System.Net.Sockets;
using System.Text;

namespace RecSys.Tests.Hosting;

/// <summary>HTTP by hand, for what a client library refuses to send.</summary>
internal static class RawHttp
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Sends the text as Latin-1 and reads until the server closes the connection.</summary>
    public static async Task<string> ExchangeAsync(Uri server, string request, bool halfClose = false)
    {
        using var socket = await ConnectAsync(server);
        await socket.SendAsync(Encoding.Latin1.GetBytes(request), Token);
        if (halfClose) socket.Shutdown(SocketShutdown.Send);
        return await ReadAsync(socket);
    }

    public static async Task<Socket> ConnectAsync(Uri server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port, Token);
        return socket;
    }

    public static async Task<string> ReadAsync(Socket socket)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, limit.Token) is var read and > 0)
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        catch (SocketException)
        {
            // Reset after the answer: what was read counts.
        }
        return text.ToString();
    }
}
