using System.ComponentModel.DataAnnotations;
using System.Net;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Lake.Bucket;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Storage.Lake.Bucket;

/// <summary>A bucket that does not answer as it should: bounded tries, a message that says what to do, and no key in it.</summary>
public sealed class S3FaultTests(S3Server server) : IAsyncLifetime, IClassFixture<S3Server>
{
    private const string Key = "a/object";

    private readonly FaultyHandler network = new();
    private readonly PausesPass clock = new();
    private readonly LakeBucketOptions options = server.Options("faults");
    private readonly byte[] content = [.. Enumerable.Range(0, 300_000).Select(at => (byte)(at * 7))];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        using var objects = new S3Objects(options, TimeProvider.System);
        using var stream = new MemoryStream(content);
        await objects.WriteAsync(Key, stream, onlyNew: false, Ct);
    }

    public ValueTask DisposeAsync()
    {
        network.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task ReadAsync_BusyTwice_IsTriedAgain()
    {
        network.Instead = (number, _) => number <= 2 ? FaultyHandler.Status(HttpStatusCode.ServiceUnavailable) : null;

        Assert.Equal(content, await ReadAsync());
        Assert.Equal(3, network.Requests);
    }

    [Fact]
    public async Task ReadAsync_BusyForEver_GivesUpAndSaysSo()
    {
        network.Instead = (_, _) => FaultyHandler.Status(HttpStatusCode.ServiceUnavailable);

        await AssertRefusedAsync("the store answers 503 (ServiceUnavailable). It was tried 4 times");
        Assert.Equal(4, network.Requests);
    }

    [Fact]
    public async Task ReadAsync_TruncatedOnce_IsTriedAgain()
    {
        network.Change = (number, answer) =>
            number > 1 ? answer : FaultyHandler.WithBody(answer, new MemoryStream(content, 0, 100_000));

        Assert.Equal(content, await ReadAsync());
        Assert.Equal(2, network.Requests);
    }

    [Fact]
    public async Task ReadAsync_TruncatedAlways_NamesTheBytesThatCame()
    {
        network.Change = (_, answer) => FaultyHandler.WithBody(answer, new MemoryStream(content, 0, 100_000));

        await AssertRefusedAsync("100000 of 300000 bytes came");
    }

    [Fact]
    public async Task ReadAsync_AnswerThatStopsInTheMiddle_EndsAtTheTimeLimit()
    {
        StalledStream Stalled() => new(() => clock.Advance(TimeSpan.FromSeconds(options.TimeoutSeconds)));
        network.Change = (number, answer) => number > 1 ? answer : FaultyHandler.WithBody(answer, Stalled());
        Assert.Equal(content, await ReadAsync());

        network.Change = (_, answer) => FaultyHandler.WithBody(answer, Stalled());
        await AssertRefusedAsync("no answer within 30 seconds. It was tried 4 times");
    }

    [Fact]
    public async Task ReadAsync_ConnectionLost_IsTriedAgain()
    {
        network.Instead = (number, _) => number == 1 ? throw new HttpRequestException("Connection reset by peer") : null;

        Assert.Equal(content, await ReadAsync());
    }

    [Fact]
    public async Task ReadAsync_Redirect_IsNotFollowed()
    {
        network.Instead = (_, _) =>
        {
            var elsewhere = FaultyHandler.Status(HttpStatusCode.TemporaryRedirect);
            elsewhere.Headers.Location = new Uri("http://127.0.0.1:9/elsewhere");
            return elsewhere;
        };

        await AssertRefusedAsync("sends requests elsewhere");
    }

    [Theory]
    [InlineData("text/html", "<!DOCTYPE html><html><head><meta charset=utf-8><title>Sign in</title><body><p>Please sign in</html>")]
    [InlineData("text/html", "")]
    [InlineData("text/plain", "hello")]
    [InlineData("application/json", "{}")]
    [InlineData("application/xhtml+xml", "<html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>Please sign in</p></body></html>")]
    [InlineData("application/xml", "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title></channel></rss>")]
    public async Task ListAsync_AnswerOfNoStore_IsRefusedAndNamesTheSetting(string kind, string body)
    {
        network.Instead = (_, _) =>
            new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, System.Text.Encoding.UTF8, kind) };
        using var objects = new S3Objects(options, clock, network);

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => objects.ListAsync("", Ct));

        Assert.Contains("does not speak S3", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Lake:Bucket:Address", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(options.Address!, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_StoreWithoutSuchObjects_IsEmpty()
    {
        using var objects = new S3Objects(options, clock, network);

        Assert.Empty(await objects.ListAsync("nothing/here/", Ct));
        Assert.Single(await objects.ListAsync(Key, Ct));
    }

    [Fact]
    public async Task ReadAsync_WrongKeys_AreRefusedAtOnce()
    {
        options.AccessKey = "NOBODY";

        await AssertRefusedAsync("the store refuses access");
        Assert.Equal(1, network.Requests);
    }

    [Fact]
    public async Task ReadAsync_NoSuchBucket_SaysSo()
    {
        options.Name = "elsewhere";

        await AssertRefusedAsync("there is no such bucket. Create it, or correct Lake:Bucket:Name");
    }

    [Fact]
    public async Task WriteAsync_BucketThatKeepsLess_IsNoticed()
    {
        network.Change = (_, answer) =>
        {
            if (answer.RequestMessage!.Method == HttpMethod.Head) answer.Content.Headers.ContentLength = 17;
            return answer;
        };
        using var objects = new S3Objects(options, clock, network);
        using var stream = new MemoryStream(content);

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => objects.WriteAsync("b", stream, onlyNew: false, Ct));

        Assert.Contains("17 bytes are stored of 300000 that were sent", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_BusyOnce_StoresTheWholeContent()
    {
        network.Instead = (number, _) => number == 1 ? FaultyHandler.Status(HttpStatusCode.ServiceUnavailable) : null;
        using var objects = new S3Objects(options, clock, network);
        using var stream = new MemoryStream(content);

        Assert.True(await objects.WriteAsync("c", stream, onlyNew: false, Ct));

        Assert.Equal(content, await File.ReadAllBytesAsync(server.PathOf("c"), Ct));
    }

    [Theory]
    [InlineData("http://storage.example.com", "must be https")]
    [InlineData("https://169.254.169.254", "link-local")]
    [InlineData("https://key:secret@storage.example.com", "keys stand in AccessKey")]
    [InlineData("https://storage.example.com/bucket", "without a path")]
    [InlineData("ftp://storage.example.com", "such as https://")]
    [InlineData("storage", "such as https://")]
    [InlineData("https://10.0.0.5", "AllowPrivateAddress=true")]
    [InlineData("https://172.31.0.5:9000", "AllowPrivateAddress=true")]
    [InlineData("https://192.168.1.5", "AllowPrivateAddress=true")]
    [InlineData("https://[fd00:ec2::254]", "AllowPrivateAddress=true")]
    [InlineData("https://0.0.0.0", "AllowPrivateAddress=true")]
    public void Validate_AddressThatIsNotSafe_IsRefused(string address, string expected)
    {
        var faults = new LakeBucketOptions { Address = address, Name = "lake" }.Validate(new ValidationContext(options));

        Assert.Contains(expected, Assert.Single(faults).ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://storage.example.com")]
    [InlineData("http://127.0.0.1:9000")]
    [InlineData("http://localhost:9000/")]
    public void Validate_AddressOfAStore_IsTaken(string address) =>
        Assert.Empty(new LakeBucketOptions { Address = address, Name = "lake" }.Validate(new ValidationContext(options)));

    [Theory]
    [InlineData("https://192.168.1.5", null)]
    [InlineData("http://192.168.1.5", "must be https")]
    [InlineData("https://169.254.169.254", "link-local")]
    public void Validate_PrivateAddressAllowed_StillNeedsHttpsAndIsNoLinkLocalOne(string address, string? expected)
    {
        var faults = new LakeBucketOptions { Address = address, Name = "lake", AllowPrivateAddress = true }
            .Validate(new ValidationContext(options)).ToArray();

        if (expected is null) Assert.Empty(faults);
        else Assert.Contains(expected, Assert.Single(faults).ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../b")]
    [InlineData("./a")]
    public void Validate_PrefixThatLeadsElsewhere_IsRefused(string prefix)
    {
        var bucket = new LakeBucketOptions { Address = "https://storage.example.com", Name = "lake", Prefix = prefix };

        var fault = Assert.Single(bucket.Validate(new ValidationContext(bucket)));

        Assert.Contains("Prefix", fault.ErrorMessage, StringComparison.Ordinal);
    }

    private async Task<byte[]?> ReadAsync()
    {
        using var objects = new S3Objects(options, clock, network);
        return await objects.ReadAsync(Key, Ct);
    }

    private async Task AssertRefusedAsync(string expected)
    {
        var refusal = await Assert.ThrowsAsync<RecSysException>(ReadAsync);

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.StartsWith($"{options.Address}/{options.Name}/{Key}: ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(options.SecretKey!, refusal.Message, StringComparison.Ordinal);
    }
}
