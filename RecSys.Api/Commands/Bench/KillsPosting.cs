using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using RecSys.Api.Contracts;
using RecSys.Api.Hosting.Authentication;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// Clients that post batches of events until each is acknowledged, the same batch with the same ids again after every failure, as a careful
/// client does. Some events are on items that are put only later.
/// </summary>
internal sealed class KillsPosting : IDisposable
{
    private const int NewItems = 40;
    private const double ShareOnNewItems = 0.02;
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly BenchWorld world;
    private readonly string run = Guid.NewGuid().ToString("N")[..8];
    private readonly int batch;
    private readonly int batches;
    private readonly int seed;
    private readonly ConcurrentDictionary<string, bool> acknowledged = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> items = new(StringComparer.Ordinal);
    private readonly HttpClient client;
    private Uri? address;
    private int next;
    private long repeated;
    private long duplicates;

    public KillsPosting(BenchWorld world, int events, int batch, int seed)
    {
        (this.world, this.batch, this.seed) = (world, batch, seed);
        batches = (events + batch - 1) / batch;
        client = new HttpClient { Timeout = Patience };
        client.DefaultRequestHeaders.Authorization =
            BenchToken.Of(TimeSpan.FromHours(12), Scopes.EventsWrite, Scopes.CatalogWrite, Scopes.Service);
    }

    /// <summary>Where the server listens now; the clients go on there.</summary>
    public Uri Address
    {
        set => Volatile.Write(ref address, value);
    }

    public int Acknowledged => acknowledged.Count;
    public int ItemsPut => items.Count;

    /// <summary>Posts that failed and were sent again.</summary>
    public long Repeated => Interlocked.Read(ref repeated);

    /// <summary>Events that the server told to have already, since the first reply was lost.</summary>
    public long Duplicates => Interlocked.Read(ref duplicates);

    /// <summary>Posts everything.</summary>
    /// <exception cref="RecSysException">The server refused an event for good.</exception>
    public Task RunAsync(int clients, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(_ => PostAllAsync(cancellationToken)).Append(PutItemsAsync(cancellationToken)));

    /// <summary>Waits until a share of the events is acknowledged.</summary>
    public async Task WaitForAsync(double share, Task done, CancellationToken cancellationToken)
    {
        while (acknowledged.Count < share * batches * batch && !done.IsCompleted) await Task.Delay(5, cancellationToken);
        if (done.IsFaulted) await done;
    }

    /// <summary>Looks each acknowledged event and item up in the log.</summary>
    public async Task<(int Lost, int Twice, int ItemsLost)> CountAsync(IDatabase database, CancellationToken cancellationToken)
    {
        var times = new Dictionary<string, int>(StringComparer.Ordinal);
        var put = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var entry in database.EventLog.ReadAfterAsync(0, cancellationToken))
        {
            if (entry.Change is EventChange { Event.Id: var id } && id.StartsWith(run, StringComparison.Ordinal))
                times[id] = times.GetValueOrDefault(id) + 1;
            if (entry.Change is ItemPut item) put.Add(item.Item.Id);
        }
        return (acknowledged.Keys.Count(id => !times.ContainsKey(id)), times.Values.Count(count => count > 1),
            items.Keys.Count(id => !put.Contains(id)));
    }

    public void Dispose() => client.Dispose();

    private async Task PostAllAsync(CancellationToken cancellationToken)
    {
        for (int number; (number = Interlocked.Increment(ref next) - 1) < batches;)
        {
            var random = new Random(HashCode.Combine(seed, number));
            var body = world.Batch(random, batch, $"{run}-{number}", () => random.NextDouble() < ShareOnNewItems
                ? NewItem(random.Next(NewItems)) : null);
            await UntilTakenAsync(
                () =>
                {
                    var content = new ByteArrayContent(body);
                    content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                    return new HttpRequestMessage(HttpMethod.Post, new Uri(Volatile.Read(ref address)!, "/events")) { Content = content };
                },
                async response =>
                {
                    var reply = (await response.Content.ReadFromJsonAsync(ApiJson.Default.PostEventsResponse, cancellationToken))!;
                    foreach (var e in reply.Events)
                    {
                        if (e.Status == "rejected") throw new RecSysException($"The server refused event {e.Id}: {e.Code} {e.Detail}");
                        acknowledged[e.Id!] = true;
                    }
                    Interlocked.Add(ref duplicates, reply.Duplicate);
                },
                cancellationToken);
        }
    }

    // Spread over the run; the last one comes when all events were taken up, so that none waits for its item for ever.
    private async Task PutItemsAsync(CancellationToken cancellationToken)
    {
        for (var number = 0; number < NewItems; number++)
        {
            while (Volatile.Read(ref next) < (long)batches * (number + 1) / NewItems) await Task.Delay(20, cancellationToken);
            var id = NewItem(number);
            await UntilTakenAsync(
                () => new HttpRequestMessage(HttpMethod.Put, new Uri(Volatile.Read(ref address)!, $"/items/{id}"))
                {
                    Content = JsonContent.Create(new { title = $"Item {id}", category = "new", tags = new[] { "fresh" }, price = number }),
                },
                _ =>
                {
                    items[id] = true;
                    return Task.CompletedTask;
                },
                cancellationToken);
        }
    }

    private string NewItem(int number) => $"{run}-item-{number}";

    private async Task UntilTakenAsync(Func<HttpRequestMessage> make, Func<HttpResponseMessage, Task> taken,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var request = make();
                using var response = await client.SendAsync(request, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    await taken(response);
                    return;
                }
                if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
                    throw new RecSysException(
                        $"The server answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
            }
            catch (Exception failure)
                when (failure is HttpRequestException or IOException or JsonException
                || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // Killed in between: nobody knows whether it was stored.
            }
            Interlocked.Increment(ref repeated);
            await Task.Delay(Again, cancellationToken);
        }
    }
}
