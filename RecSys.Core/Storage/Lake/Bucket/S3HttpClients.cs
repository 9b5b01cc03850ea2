using Amazon.Runtime;

namespace RecSys.Core.Storage.Lake.Bucket;

/// <summary>The one HTTP client of a store; times are limited by its user.</summary>
internal sealed class S3HttpClients(HttpMessageHandler handler) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
        new(new RedirectRefusal(handler)) { Timeout = Timeout.InfiniteTimeSpan };

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
}
