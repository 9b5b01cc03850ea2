using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using RecSys.Api.Commands.Bench;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.EndToEnd;

/// <summary>A server process that is told to stop under load, behind a load balancer that asks it for its readiness.</summary>
[Collection(ServedCollection.Name)]
public sealed class GracefulStopTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Terminate_UnderLoad_LosesNoRequestAndExitsWithZero()
    {
        await server.StartAsync();
        using var copy = new TemporaryFolder();
        using (var process = Process.Start("cp", ["-r", $"{server.DataFolder}/.", copy.Path])) await process.WaitForExitAsync(Token);
        await using var running = await ServerProcess.StartAsync(copy.Path, Token, "--set", "Shutdown:DelaySeconds=2");
        using var client = new HttpClient { BaseAddress = running.Address, Timeout = TimeSpan.FromSeconds(20) };
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", ServerFixture.Token("load", "recommend:read", "service"));

        var (ready, answered, failed) = (true, 0, 0);
        var signalled = new TaskCompletionSource();
        async Task SendAsync(int worker)
        {
            // As behind a load balancer: requests go to the server until it is seen not to be ready.
            for (var i = 0; Volatile.Read(ref ready); i++)
            {
                try
                {
                    using var response = await client.GetAsync(
                        $"/recommend?user_id={server.World.Users[((worker * 31) + i) % server.World.Users.Count].Id}", Token);
                    if (response.IsSuccessStatusCode) Interlocked.Increment(ref answered);
                    else Interlocked.Increment(ref failed);
                }
                catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !Token.IsCancellationRequested)
                {
                    Interlocked.Increment(ref failed);
                }
                if (Volatile.Read(ref answered) > 100) signalled.TrySetResult();
            }
        }
        var load = Enumerable.Range(0, 4).Select(SendAsync).ToList();
        await signalled.Task.WaitAsync(TimeSpan.FromMinutes(2), Token);

        running.Stop();
        while (ready)
        {
            using var readiness = await client.GetAsync("/readyz", Token);
            if (readiness.StatusCode != HttpStatusCode.ServiceUnavailable) continue;
            // Not ready, and still serving.
            using var late = await client.GetAsync($"/recommend?user_id={server.World.Users[0].Id}", Token);
            Assert.Equal(HttpStatusCode.OK, late.StatusCode);
            Volatile.Write(ref ready, false);
        }
        await Task.WhenAll(load);

        Assert.Equal(0, await running.WaitForExitAsync(Token));
        Assert.Equal(0, failed);
        Assert.True(answered > 100);
    }
}
