using System.Diagnostics;
using RecSys.Core.Storage.Lake.Bucket;

namespace RecSys.Tests.Fixtures;

/// <summary>An S3-compatible server on a loopback port with one empty bucket, for the tests of a class.</summary>
public sealed class S3Server : IAsyncLifetime
{
    private const string Ready = "S3rver listening on ";
    private const string Bucket = "lake";

    private readonly TemporaryFolder folder = new();
    private Process? process;
    private string address = "";

    public async ValueTask InitializeAsync()
    {
        var program = Repository.File("artifacts/tools/s3rver/node_modules/s3rver/bin/s3rver.js");
        Assert.SkipUnless(File.Exists(program), "The S3-compatible server of the tests is not installed: run eng/setup.sh.");
        process = Process.Start(new ProcessStartInfo("node",
            [program, "--directory", folder.Path, "--address", "127.0.0.1", "--port", "0", "--configure-bucket", Bucket, "--silent"])
        {
            RedirectStandardOutput = true,
        })!;
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (!line.Contains(Ready, StringComparison.Ordinal)) continue;
            address = $"http://{line[(line.IndexOf(Ready, StringComparison.Ordinal) + Ready.Length)..].Trim()}";
            return;
        }
        Assert.Fail("The S3-compatible server ended at once.");
    }

    /// <summary>Settings for it, with keys below a prefix.</summary>
    public LakeBucketOptions Options(string prefix) =>
        new() { Address = address, Name = Bucket, Prefix = prefix, AccessKey = "S3RVER", SecretKey = "S3RVER" };

    /// <summary>Where the server keeps an object's content.</summary>
    public string PathOf(string key) => Path.Combine(folder.Path, Bucket, $"{key}._S3rver_object");

    public ValueTask DisposeAsync()
    {
        process?.Kill();
        process?.WaitForExit();
        process?.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
