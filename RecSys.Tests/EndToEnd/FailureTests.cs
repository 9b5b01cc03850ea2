using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.EndToEnd;

/// <summary>What goes wrong with the machine: one line that says what to do, and exit code 1.</summary>
[Collection(ServedCollection.Name)]
public sealed class FailureTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Train_DamagedPages_SaysTheDatabaseIsDamaged()
    {
        using var copy = await CopyAsync();
        await using (var file = File.OpenWrite(copy["recsys.db"]))
        {
            // Everything behind the first page, which holds the schema.
            file.Position = 4096;
            var noise = new byte[(int)file.Length - 4096];
            Array.Fill(noise, (byte)0xA5);
            await file.WriteAsync(noise, Token);
        }

        Assert.Contains("damaged", await FailAsync("train", "--data", copy.Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_PortInUse_SaysSoBeforeAnythingIsLoaded()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        Assert.Contains($"Port {port} of 127.0.0.1 is in use", await FailAsync("serve", "--data", "/nowhere", "--port", $"{port}"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("memory", "train", "DOTNET_GCHeapHardLimit=0x1400000")]
    [InlineData("Recommendations:Candidates", "train", "Training__Candidates=400")]
    [InlineData("Limits", "serve", "Limits__Recommend__PerSecond=-1")]
    [InlineData("Limits", "serve", "Limits__Recomend__PerSecond=1")]
    [InlineData("TraceShare", "serve", "Monitoring__TraceShare=2")]
    [InlineData("OtlpEndpoint", "serve", "Monitoring__OtlpEndpoint=collector")]
    [InlineData("Recommendations", "serve", "Recommendations__Candidates=many")]
    [InlineData("Jwks", "serve", "Authentication__Jwks=http://id.example/keys")]
    public async Task Command_UnderAConditionThatCannotWork_SaysWhat(string part, string verb, string variable)
    {
        await server.StartAsync();
        string[] arguments = verb == "serve" ? ["serve", "--data", server.DataFolder, "--port", "0"] : [verb, "--data", server.DataFolder];

        Assert.Contains(part, await FailAsync(variable, arguments), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Set_BadAssignment_IsRefused() =>
        Assert.Contains("Section:Option=value", await FailAsync("features", "--set", "nonsense"), StringComparison.Ordinal);

    private async Task<TemporaryFolder> CopyAsync()
    {
        await server.StartAsync();
        var copy = new TemporaryFolder();
        // By another process: closing a file of an open SQLite database within this one would drop the locks that this one holds on it.
        using var process = Process.Start("cp", ["-r", $"{server.DataFolder}/.", copy.Path]);
        await process.WaitForExitAsync(Token);
        foreach (var log in Directory.GetFiles(copy.Path, "recsys.db-*")) File.Delete(log);
        return copy;
    }

    private static Task<string> FailAsync(params string[] arguments) => FailAsync("RECSYS_NOTHING=1", arguments);

    private static async Task<string> FailAsync(string variable, string[] arguments)
    {
        var (code, _, error) = await ProcessRig.RunInAsync([(variable.Split('=')[0], variable.Split('=')[1])], arguments);
        var failure = Assert.Single(error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal(1, code);
        return failure;
    }
}
