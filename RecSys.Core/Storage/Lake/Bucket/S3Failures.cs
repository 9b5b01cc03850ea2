using System.Net;
using System.Xml;
using Amazon.Runtime;
using Amazon.S3;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake.Bucket;

/// <summary>What a bucket that does not answer as it should means, and what to do.</summary>
internal static class S3Failures
{
    /// <summary>False for defects of the program.</summary>
    internal static bool IsOfTheNetwork(Exception failure) =>
        failure is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or OperationCanceledException
            or XmlException;

    /// <summary>False where the same request would fail again.</summary>
    internal static bool MayPass(Exception failure) => !IsRedirect(failure)
        && (failure is not AmazonServiceException { StatusCode: var status }
        || (int)status is 0 or >= 500 or (int)HttpStatusCode.TooManyRequests or (int)HttpStatusCode.RequestTimeout);

    internal static RecSysException Explain(string name, Exception failure, int tries, TimeSpan time)
    {
        var text = failure switch
        {
            _ when IsRedirect(failure) =>
                "the store sends requests elsewhere. Give its own address in Lake:Bucket:Address, and the bucket's region.",
            _ when IsForeign(failure) =>
                "what answers there does not speak S3: a proxy, its login page or another service, perhaps. Give the address of the store "
                    + $"itself in Lake:Bucket:Address, and see what a proxy on the way does. It was tried {tries} times.",
            // Its message may repeat what was sent; the code says enough.
            AmazonS3Exception { ErrorCode: "NoSuchBucket" } => "there is no such bucket. Create it, or correct Lake:Bucket:Name.",
            AmazonServiceException { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } refused =>
                $"the store refuses access ({refused.ErrorCode}). Check the keys, their rights on the bucket, Lake:Bucket:Region and the "
                    + "clock.",
            AmazonServiceException service => $"the store answers {(int)service.StatusCode} ({service.ErrorCode}). {Later(tries)}",
            OperationCanceledException => $"no answer within {time.TotalSeconds:0} seconds. {Later(tries)}",
            _ => $"{failure.GetBaseException().Message.TrimEnd('.')}. {Later(tries)}",
        };
        return new RecSysException($"{name}: {text}", failure);
    }

    // A success that holds no answer of a store: the client reads such a body before it looks at what it is.
    private static bool IsForeign(Exception failure) =>
        failure is AmazonUnmarshallingException or AmazonServiceException { StatusCode: HttpStatusCode.OK }
        || failure.GetBaseException() is XmlException;

    private static bool IsRedirect(Exception failure) =>
        failure.GetBaseException() is HttpRequestException { StatusCode: var status } && RedirectRefusal.IsRedirect(status);

    private static string Later(int tries) =>
        $"It was tried {tries} times. Days that are written stay; try again once Lake:Bucket:Address can be reached.";
}
