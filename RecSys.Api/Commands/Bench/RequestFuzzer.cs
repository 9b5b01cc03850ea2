using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// Sends requests that are wrong in every way it can think of, made from sound ones by a seeded generator, over sockets of its own.
/// Whatever comes, a server must answer with a status below 500 (or 503 with Retry-After), never with a stack trace, and every refusal with
/// a problem.
/// </summary>
internal sealed class RequestFuzzer
{
    private const int MostFindings = 20;

    private static readonly string[] Methods =
        ["GET", "GET", "GET", "GET", "POST", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "get", "FLY"];

    // Written as they go over the wire; {0} is a piece of noise.
    private static readonly string[] Noise =
    [
        "", "0", "-1", "5%00", "%", "%4", "%zz", "%ED%A0%80", "%C0%AF", "%FF%FE", "%0D%0A", "..%2F..%2Fetc", "a+b", "%F0%9F%98%80",
            "2147483648", "10.5", "1e309", "NaN", "ten",
        "'; DROP TABLE users;--", "<script>", "${jndi:ldap://x}", "{{7*7}}", "%25%30%30", "a=b", "[]", "null", "true", "\u00FF",
        "%E2%80%AE",
    ];

    private static readonly string[] Bodies =
    [
        "", "{}", "[]", "null", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "/* */{}", "{\"events\":[{\"id\":null}]}", "{\"events\":{}}",
            "{\"x\":1e309}", "{\"x\":NaN}", "\"\\ud800\"", "\u00EF\u00BB\u00BF{}",
        "\u00FF\u00FE{\0}\0", "\u00C3(",
        "{\"events\":[{\"id\":\"e\",\"user_id\":\"u\",\"item_id\":\"i\",\"type\":\"click\",\"time\":\"9999-12-31T23:59:59\"}]}", "true",
        "01", "{", "{\"\0\":1}",
    ];

    private static readonly string[] SoundBodies =
    [
        """{"events":[{"id":"e","user_id":"u","item_id":"i","type":"click","time":"2026-03-02T00:00:00Z","amount":1.5,"currency":"EUR","""
            + """ "position":3}]}""",
        """{"events":[{"anonymous_id":"a","item_id":"unknown","type":"view"},"""
            + """{"session_id":"s","item_id":"i","type":"hide","meaning":"undo"}]}""",
        """{"title":"t","category":"c","tags":["x"],"price":1.5,"created_at":"2026-03-02T00:00:00+01:00","available":true,"""
            + """ "attributes":{"n":1,"t":"x","l":["y"],"b":false,"d":"2026-03-02T00:00:00Z"}}""",
        "{\"gender\":\"f\",\"age\":30,\"location\":\"SF\",\"attributes\":{\"job\":\"x\"}}", "{\"from\":\"a\",\"into\":\"u\"}",
        "{\"id\":\"i\",\"title\":\"t\",\"category\":\"c\"}\n{\"id\":\"u\",\"age\":3}\n"
            + "{\"user_id\":\"u\",\"item_id\":\"i\",\"type\":\"click\"}\n",
    ];

    // Sound writes, of which only the body is changed: they get further than what is wrong in several places.
    private static readonly (string Method, string Target, int Body, string Type)[] SoundWrites =
    [
        ("POST", "/events", 0, "application/json"), ("POST", "/events?validate_only=true", 1, "application/json"),
            ("PUT", "/items/i", 2, "application/json"), ("PATCH", "/items/i", 2, "application/json"),
        ("PUT", "/users/u", 3, "application/json"), ("PATCH", "/users/u", 3, "application/json"),
        ("POST", "/users/merge", 4, "application/json"), ("POST", "/bulk/items", 5, "application/jsonl"),
        ("POST", "/bulk/users", 5, "application/jsonl"), ("POST", "/bulk/events", 5, "application/jsonl"),
    ];

    private static readonly string[] Types = ["application/json", "application/json", "application/json", "application/json",
        "application/jsonl", "application/json; charset=utf-16", "text/plain", "", "application/json;;", "multipart/form-data; boundary=x",
        "\u00FF"];

    private readonly Uri server;
    private readonly string[] templates;
    private readonly string[] tokens;
    private readonly Random random;

    /// <param name="server">Where to send.</param>
    /// <param name="paths">Sound paths with queries, such as <c>/popular?num_items=5</c>.</param>
    /// <param name="tokens">Good tokens; bad ones are made from them.</param>
    /// <param name="seed">Of the generator.</param>
    public RequestFuzzer(Uri server, IReadOnlyList<string> paths, IReadOnlyList<string> tokens, int seed)
    {
        this.server = server;
        templates = [.. paths, "/", "/nothing", "*", "http://x/popular", "//", "/models/v1:promote"];
        this.tokens = [.. tokens];
        random = new Random(seed);
    }

    /// <summary>Sound paths of the routes that write, for tokens that may. What they are sent to is spoilt afterwards.</summary>
    public static IReadOnlyList<string> Writes { get; } =
    [
        "/events", "/events?validate_only=true", "/events/recent", "/events/dead-letters?limit=5", "/events/dead-letters/1/replay",
            "/events/dead-letters/1", "/items/i", "/items/a%2Fb",
        "/items/i?validate_only=true", "/items?limit=5&cursor=c1", "/users/u", "/users/u/export", "/users/merge",
        "/users?limit=5&cursor=c1", "/bulk/items", "/bulk/users", "/bulk/events?validate_only=true",
        "/bulk/jobs", "/bulk/jobs/bulk_0123456789abcdef", "/bulk/jobs/bulk_0123456789abcdef/rejects", "/data/readiness",
    ];

    /// <summary>Requests sent.</summary>
    public int Sent { get; private set; }

    /// <summary>Replies by status; 0 for a connection that ended without one.</summary>
    public SortedDictionary<int, int> Statuses { get; } = [];

    /// <summary>What should not have happened: the complaint, the request, the reply. At most twenty.</summary>
    public List<string> Findings { get; } = [];

    /// <summary>Sends until the time is over or the token is cancelled.</summary>
    public async Task RunAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(length);
        while (!limit.IsCancellationRequested && Findings.Count < MostFindings)
        {
            var (request, isHead) = Make();
            string? reply;
            try
            {
                reply = await ExchangeAsync(request, cancellationToken);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                Findings.Add($"no answer within 30 s\n{request}");
                continue;
            }
            Sent++;
            if (Complaint(reply, isHead) is { } complaint) Findings.Add($"{complaint}\n--- request\n{request}\n--- reply\n{reply}");
        }
    }

    /// <summary>What is wrong with a reply, or null.</summary>
    private string? Complaint(string reply, bool isHead)
    {
        var status = reply.Length > 12 && reply.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)
            && int.TryParse(reply.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
        Statuses[status] = Statuses.GetValueOrDefault(status) + 1;
        var end = reply.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (status == 0 || end < 0) return "no reply";
        var (head, body) = (reply[..end], reply[(end + 4)..]);
        if (status is 429 or 503) return head.Contains("\r\nRetry-After: ", StringComparison.Ordinal) ? null : "no Retry-After";
        // 505 is the server's word for a version of HTTP that does not exist.
        if (status >= 500 && status != 505) return $"status {status}";
        if (reply.Contains("   at ", StringComparison.Ordinal) || reply.Contains("Exception", StringComparison.Ordinal))
            return "a stack trace";
        if (status < 400 || status == 505 || isHead) return null;
        if (!head.Contains("\r\nContent-Type: application/problem+json", StringComparison.Ordinal)) return "a refusal without a problem";
        return IsJson(head.Contains("\r\nTransfer-Encoding: chunked", StringComparison.Ordinal) ? Unchunk(body) : body)
            ? null : "a problem that is no JSON";
    }

    private (string Request, bool IsHead) Make()
    {
        if (templates.Contains("/events") && random.Next(4) == 0) return (MakeWrite(), false);
        var method = Methods[random.Next(Methods.Length)];
        var request = new StringBuilder(method).Append(' ').Append(Target())
            .Append(random.Next(50) == 0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
        request.Append(random.Next(40) == 0 ? "" : "Host: localhost\r\n").Append("Connection: close\r\n");
        if (random.Next(4) > 0) request.Append("Authorization: Bearer ").Append(Token()).Append("\r\n");
        if (random.Next(3) == 0)
            request.Append("Accept: ").Append(Pick(["text/html", "*/*", "application/json;q=0", "\u00FF", ""])).Append("\r\n");
        if (random.Next(20) == 0) request.Append("X-Noise: ").Append(Pick(Noise)).Append("\r\n");
        if (random.Next(60) == 0) request.Append("X-Large: ").Append('x', random.Next(40_000)).Append("\r\n");
        if (random.Next(3) == 0) AppendBody(request);
        else request.Append("\r\n");
        var text = request.ToString();
        // Now and then a byte of the whole is another one.
        if (random.Next(10) == 0)
        {
            var bytes = text.ToCharArray();
            bytes[random.Next(bytes.Length)] = (char)random.Next(256);
            text = new string(bytes);
        }
        return (text, text.StartsWith("HEAD ", StringComparison.Ordinal));
    }

    private string MakeWrite()
    {
        var (method, target, sound, type) = SoundWrites[random.Next(SoundWrites.Length)];
        var body = Changed(SoundBodies[sound]);
        return $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
            + $"{Pick(tokens)}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }

    private string Target()
    {
        var target = Pick(templates);
        var times = random.Next(4);
        for (var i = 0; i < times; i++)
        {
            var at = random.Next(target.Length + 1);
            target = random.Next(6) switch
            {
                0 => target.Insert(at, Pick(Noise)),
                1 => $"{target}{(target.Contains('?', StringComparison.Ordinal) ? '&' : '?')}"
                    + $"{Pick(["num_items", "user_id", "device", "include", "nothing", "%"])}={Pick(Noise)}",
                2 when at < target.Length => target.Remove(at, 1),
                3 => target[..at] + (char)random.Next(0x21, 0x7F) + target[Math.Min(target.Length, at + 1)..],
                4 => target + target,
                _ when random.Next(20) == 0 => target + new string('x', random.Next(12_000)),
                _ => target,
            };
        }
        return target;
    }

    private string Token()
    {
        var token = Pick(tokens);
        return random.Next(8) switch
        {
            0 => token[..random.Next(token.Length)],
            1 => token.Insert(random.Next(token.Length), Pick(Noise)),
            2 => token.Replace('.', ' '),
            3 => string.Concat(token.AsSpan(0, random.Next(token.Length)), ((char)random.Next(0x21, 0x7F)).ToString()),
            _ => token,
        };
    }

    private void AppendBody(StringBuilder request)
    {
        var body = random.Next(12) == 0 ? new string('[', random.Next(70_000)) : Changed(Pick(random.Next(3) == 0 ? SoundBodies : Bodies));
        request.Append("Content-Type: ").Append(Pick(Types)).Append("\r\n");
        if (random.Next(4) == 0)
        {
            request.Append("Transfer-Encoding: chunked\r\n\r\n");
            if (body.Length > 0) request.Append(CultureInfo.InvariantCulture, $"{body.Length:x}\r\n{body}\r\n");
            request.Append(random.Next(10) == 0 ? "zz\r\n" : "0\r\n\r\n");
            return;
        }
        var right = $"{body.Length}";
        var length = Pick([right, right, right, $"{Math.Max(0, body.Length - 1)}", "-1", "99999999999", "x"]);
        request.Append(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n\r\n{body}");
    }

    private string Changed(string body)
    {
        for (var times = random.Next(3); times > 0; times--)
        {
            var at = random.Next(body.Length + 1);
            body = random.Next(4) switch
            {
                0 => body.Insert(at, Pick(Noise)),
                1 when at < body.Length => body.Remove(at, 1),
                2 when at < body.Length => body[..at] + (char)random.Next(256) + body[(at + 1)..],
                3 when at < body.Length => body.Insert(at, body[at..Math.Min(body.Length, at + random.Next(40))]),
                _ => body,
            };
        }
        return body;
    }

    private async Task<string> ExchangeAsync(string request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port, limit.Token);
        var reply = new StringBuilder();
        try
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(request), limit.Token);
            // No more comes: a server that waits for the rest of a body knows that it waits in vain.
            socket.Shutdown(SocketShutdown.Send);
            var buffer = new byte[16 * 1024];
            while (await socket.ReceiveAsync(buffer, limit.Token) is var read and > 0)
                reply.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        catch (SocketException)
        {
            // A server that refuses early may reset the connection while the request is still being sent; what it said before counts.
        }
        return reply.ToString();
    }

    private string Pick(string[] from) => from[random.Next(from.Length)];

    private static string Unchunk(string body)
    {
        var text = new StringBuilder();
        for (var at = 0; body.IndexOf("\r\n", at, StringComparison.Ordinal) is var end and >= 0;)
        {
            if (!int.TryParse(body.AsSpan(at, end - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var length)
                || length == 0)
                break;
            text.Append(body, end + 2, Math.Min(length, body.Length - end - 2));
            at = end + 2 + length + 2;
            if (at > body.Length) break;
        }
        return text.ToString();
    }

    private static bool IsJson(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
