using RecSys.Api.Hosting.Authentication;

namespace RecSys.Api.Commands.Bench.Alerts;

/// <summary>Asks a server for recommendations at a rate that may change, until it is disposed.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource end = new();
    private readonly HttpClient client;
    private readonly string[] users;
    private readonly Task sending;
    private double rate;

    public SteadyLoad(Uri server, string[] users, double perSecond)
    {
        (this.users, rate) = (users, perSecond);
        client = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromSeconds(30) };
        client.DefaultRequestHeaders.Authorization = BenchToken.Of(TimeSpan.FromHours(2), Scopes.RecommendRead, Scopes.Service);
        sending = SendAsync();
    }

    /// <summary>Requests per second from now on.</summary>
    public void SetRate(double perSecond) => Volatile.Write(ref rate, perSecond);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await sending;
        client.Dispose();
        end.Dispose();
    }

    private async Task SendAsync()
    {
        var random = new Random(1);
        var open = new List<Task>();
        while (!end.IsCancellationRequested)
        {
            open.RemoveAll(task => task.IsCompleted);
            open.Add(AskAsync(users[random.Next(users.Length)]));
            await Task.Delay(TimeSpan.FromSeconds(1 / Volatile.Read(ref rate)), end.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(open);
    }

    private async Task AskAsync(string user)
    {
        try
        {
            using var reply = await client.GetAsync(
                new Uri($"recommend?user_id={Uri.EscapeDataString(user)}&num_items=20", UriKind.Relative), end.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // The server counts its failures itself.
        }
    }
}
