using RecSys.Api.Hosting.Authentication;

namespace RecSys.Api.Commands.Bench.Alerts;

/// <summary>Asks a server for recommendations at a steady rate and with a patience that may change, until it is disposed.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    /// <summary>How long a reply is waited for.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource end = new();
    private readonly HttpClient client;
    private readonly string[] users;
    private readonly Task sending;
    private readonly TimeSpan pause;
    private long patienceTicks = UsualPatience.Ticks;

    public SteadyLoad(Uri server, string[] users, double perSecond)
    {
        (this.users, pause) = (users, TimeSpan.FromSeconds(1 / perSecond));
        client = new HttpClient { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = BenchToken.Of(TimeSpan.FromHours(2), Scopes.RecommendRead, Scopes.Service);
        sending = SendAsync();
    }

    /// <summary>Requests that begin from now on are given up after this time.</summary>
    public void GiveUpAfter(TimeSpan patience) => Volatile.Write(ref patienceTicks, patience.Ticks);

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
        patience.CancelAfter(TimeSpan.FromTicks(Volatile.Read(ref patienceTicks)));
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
