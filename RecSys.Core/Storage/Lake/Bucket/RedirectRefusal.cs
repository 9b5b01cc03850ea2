using System.Net;

namespace RecSys.Core.Storage.Lake.Bucket;

/// <summary>Follows no redirect, whatever the client above would do with it: requests go to the address of the settings alone.</summary>
internal sealed class RedirectRefusal(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        if (!IsRedirect(answer.StatusCode)) return answer;
        answer.Dispose();
        throw new HttpRequestException("The store answers with a redirect", null, answer.StatusCode);
    }

    internal static bool IsRedirect(HttpStatusCode? status) =>
        status is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest and not HttpStatusCode.NotModified;
}
