using RecSys.Api.Hosting.Authentication;

namespace RecSys.Api.Commands.Bench.Alerts;

/// <summary>Asks a server for recommendations at a steady rate until it is disposed.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource end = new();
    private readonly HttpClient client;
    private readonly string[] users;
    private readonly Task sending;
    private readonly TimeSpan pause;

    public SteadyLoad(Uri server, string[] users, double perSecond)
    {
        (this.users, pause) = (users, TimeSpan.FromSeconds(1 / perSecond));
        client = new HttpClient { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = BenchToken.Of(TimeSpan.FromHours(2), Scopes.RecommendRead, Scopes.Service);
        sending = SendAsync();
    }

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
            await Task.Delay(pause, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(open);
    }

    private async Task AskAsync(string user)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
        patience.CancelAfter(Patience);
        try
        {
            using var reply = await client.GetAsync(
                new Uri($"recommend?user_id={Uri.EscapeDataString(user)}&num_items=20", UriKind.Relative), patience.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // The server counts its failures itself.
        }
    }
}
