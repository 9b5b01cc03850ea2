using System.Net;
using System.Xml;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake.Bucket;

/// <summary>
/// Objects of one S3-compatible bucket, by the few calls that the lake needs. Every call is tried a limited number of times, each within a
/// limited time, also where the other side stops in the middle of an answer. Keys of access appear in no message.
/// </summary>
internal sealed class S3Objects : IDisposable
{
    private const int UploadBytesPerSecond = 256 << 10;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    private readonly LakeBucketOptions options;
    private readonly TimeProvider clock;
    private readonly AmazonS3Client client;
    private readonly TimeSpan patience;

    /// <param name="options">With address and name.</param>
    /// <param name="clock">Measures patience.</param>
    /// <param name="handler">Null for the network; tests put faults in its place.</param>
    /// <exception cref="RecSysException">There are no keys of access.</exception>
    internal S3Objects(LakeBucketOptions options, TimeProvider clock, HttpMessageHandler? handler = null)
    {
        (this.options, this.clock) = (options, clock);
        patience = TimeSpan.FromSeconds(options.TimeoutSeconds);
        var access = options.AccessKey ?? Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID");
        var secret = options.SecretKey ?? Environment.GetEnvironmentVariable("AWS_SECRET_ACCESS_KEY");
        if (string.IsNullOrEmpty(access) || string.IsNullOrEmpty(secret))
            throw new RecSysException("The bucket of the lake needs keys: set the environment variables AWS_ACCESS_KEY_ID and "
                + "AWS_SECRET_ACCESS_KEY, or Lake:Bucket:AccessKey and SecretKey.");
        client = new AmazonS3Client(new BasicAWSCredentials(access, secret), new AmazonS3Config
        {
            ServiceURL = options.Address,
            AuthenticationRegion = options.Region,
            ForcePathStyle = true,
            AllowAutoRedirect = false,
            // Tries and times are counted here: the client's own end when the answer begins.
            MaxErrorRetry = 0,
            Timeout = Timeout.InfiniteTimeSpan,
            HttpClientFactory =
                new S3HttpClients(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = patience }),
            // Stores other than Amazon's take the checksums that are sent by default for content.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
    }

    /// <summary>Address and bucket, for messages.</summary>
    internal string Place => $"{options.Address!.TrimEnd('/')}/{options.Name}";

    internal Task<List<S3Object>> ListAsync(string prefix, CancellationToken ct) => TryAsync($"{Place}/{prefix}", patience, async token =>
    {
        var all = new List<S3Object>();
        string? next = null;
        do
        {
            var page = await client.ListObjectsV2Async(
                new ListObjectsV2Request { BucketName = options.Name, Prefix = prefix, ContinuationToken = next }, token.Token);
            // Whatever XML it is, the client reads it as a page of nothing; a store says whether there are more.
            if (page.IsTruncated is null && page.Name is null) throw new XmlException("The answer is no list of objects");
            all.AddRange(page.S3Objects ?? []);
            next = page.IsTruncated == true ? page.NextContinuationToken : null;
            token.CancelAfter(patience);
        }
        while (next is not null);
        return all;
    }, ct);

    /// <summary>A small object, or null when there is none.</summary>
    internal async Task<byte[]?> ReadAsync(string key, CancellationToken ct)
    {
        using var content = new MemoryStream();
        return await CopyAsync(key, content, ct) ? content.ToArray() : null;
    }

    /// <summary>Copies an object to the beginning of a stream, whose former content goes.</summary>
    /// <returns>False when there is no such object.</returns>
    internal Task<bool> CopyAsync(string key, Stream target, CancellationToken ct) => TryAsync($"{Place}/{key}", patience, async token =>
    {
        target.SetLength(0);
        GetObjectResponse answer;
        try
        {
            answer = await client.GetObjectAsync(new GetObjectRequest { BucketName = options.Name, Key = key }, token.Token);
        }
        catch (AmazonS3Exception missing) when (missing.ErrorCode == "NoSuchKey")
        {
            return false;
        }
        using (answer)
        {
            var buffer = new byte[1 << 18];
            int count;
            while ((count = await answer.ResponseStream.ReadAsync(buffer, token.Token)) > 0)
            {
                await StoreAsync(target, buffer.AsMemory(0, count), token.Token);
                // Slow is not lost.
                token.CancelAfter(patience);
            }
            if (target.Length != answer.ContentLength)
                throw new HttpRequestException($"{target.Length} of {answer.ContentLength} bytes came");
        }
        return true;
    }, ct);

    /// <summary>Stores an object and sees that it has the size that was sent.</summary>
    /// <param name="key">Where.</param>
    /// <param name="content">From the beginning of the stream to its end.</param>
    /// <param name="onlyNew">True to leave an object alone that is there already.</param>
    /// <param name="ct">Stops.</param>
    /// <returns>False when there was one.</returns>
    internal Task<bool> WriteAsync(string key, Stream content, bool onlyNew, CancellationToken ct)
    {
        var time = patience + TimeSpan.FromSeconds((double)content.Length / UploadBytesPerSecond);
        return TryAsync($"{Place}/{key}", time, async token =>
        {
            content.Position = 0;
            var request = new PutObjectRequest
            {
                BucketName = options.Name,
                Key = key,
                InputStream = content,
                AutoCloseStream = false,
                UseChunkEncoding = false,
                IfNoneMatch = onlyNew ? "*" : null,
            };
            // Not every store knows the condition.
            if (onlyNew && await SizeOfAsync(key, token.Token) is not null) return false;
            try
            {
                await client.PutObjectAsync(request, token.Token);
            }
            catch (AmazonS3Exception there) when (onlyNew && there.StatusCode == HttpStatusCode.PreconditionFailed)
            {
                return false;
            }
            var size = await SizeOfAsync(key, token.Token);
            if (size != content.Length) throw new HttpRequestException($"{size} bytes are stored of {content.Length} that were sent");
            return true;
        }, ct);
    }

    internal Task DeleteAsync(string key, CancellationToken ct) => TryAsync($"{Place}/{key}", patience, async token =>
    {
        await client.DeleteObjectAsync(options.Name, key, token.Token);
        return true;
    }, ct);

    public void Dispose() => client.Dispose();

    // A full disk is no matter of the network.
    private static async Task StoreAsync(Stream target, ReadOnlyMemory<byte> piece, CancellationToken ct)
    {
        try
        {
            await target.WriteAsync(piece, ct);
        }
        catch (IOException failure) when (target is FileStream file)
        {
            throw FolderFault.Writing(Path.GetDirectoryName(file.Name)!, "A day of the lake was not downloaded", failure);
        }
    }

    private async Task<long?> SizeOfAsync(string key, CancellationToken ct)
    {
        try
        {
            return (await client.GetObjectMetadataAsync(options.Name, key, ct)).ContentLength;
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound && missing.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
    }

    private async Task<T> TryAsync<T>(string name, TimeSpan time, Func<CancellationTokenSource, Task<T>> work, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var limit = new CancellationTokenSource(time, clock);
            await using var stop = ct.Register(limit.Cancel);
            try
            {
                return await work(limit);
            }
            catch (Exception failure) when (!ct.IsCancellationRequested && S3Failures.IsOfTheNetwork(failure))
            {
                if (attempt >= options.Tries || !S3Failures.MayPass(failure)) throw S3Failures.Explain(name, failure, attempt, time);
            }
            await Task.Delay(FirstPause * (1 << Math.Min(attempt - 1, 6)), clock, ct);
        }
    }
}
