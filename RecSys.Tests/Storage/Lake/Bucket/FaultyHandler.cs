using System.Net;

namespace RecSys.Tests.Storage.Lake.Bucket;

/// <summary>A network between store and bucket that misbehaves on command.</summary>
internal sealed class FaultyHandler() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    /// <summary>Given the number of the request, from 1, and what was asked: what is answered instead; null: what the bucket
    /// says.</summary>
    public Func<int, HttpRequestMessage, HttpResponseMessage?> Instead { get; set; } = (_, _) => null;

    /// <summary>Changes what the bucket says.</summary>
    public Func<int, HttpResponseMessage, HttpResponseMessage> Change { get; set; } = (_, answer) => answer;

    public int Requests { get; private set; }

    public static HttpResponseMessage Status(HttpStatusCode status) =>
        new(status) { Content = new StringContent($"<Error><Code>{status}</Code><Message>no</Message></Error>") };

    /// <summary>The same answer with another body and the promised length of the first one.</summary>
    public static HttpResponseMessage WithBody(HttpResponseMessage answer, Stream body)
    {
        var length = answer.Content.Headers.ContentLength;
        var changed = new StreamContent(body);
        foreach (var header in answer.Content.Headers) changed.Headers.TryAddWithoutValidation(header.Key, header.Value);
        changed.Headers.ContentLength = length;
        answer.Content = changed;
        return answer;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var number = ++Requests;
        return Instead(number, request) ?? Change(number, await base.SendAsync(request, cancellationToken));
    }
}
