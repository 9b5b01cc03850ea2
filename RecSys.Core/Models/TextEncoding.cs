using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Retrieval.Text;

namespace RecSys.Core.Models;

/// <summary>
/// Encodes the texts of items that come while it serves, one after another in a child process, where a text model is configured and some
/// model in memory was trained with it. Everything else leaves items on their other content.
/// </summary>
public sealed class TextEncoding(
    LiveItems items, LiveState state, TextEncoderProcess encoder,
    IOptions<TextOptions> options, TimeProvider time, ILogger<TextEncoding> logger) : BackgroundService
{
    // A text that ends the child every time must not keep the others waiting for good.
    private const int Attempts = 3;

    private readonly RepeatedReports reports = new(time, TimeSpan.FromMinutes(10));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.IsConfigured) return;
        try
        {
            await EncodeAllAsync(await Task.Run(() => TextModelHash.Of(options.Value), stoppingToken), stoppingToken);
        }
        catch (Exception failure) when (failure is RecSysException or IOException or UnauthorizedAccessException)
        {
            logger.TextModelUnusable(failure.Message);
        }
        finally
        {
            await encoder.EndAsync();
        }
    }

    private async Task EncodeAllAsync(string textModel, CancellationToken stoppingToken)
    {
        while (true)
        {
            var next = items.AwaitingText.TakeAsync(stoppingToken).AsTask();
            if (!next.IsCompleted && encoder.ChildId is not null)
            {
                using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                await Task.WhenAny(next, Task.Delay(TimeSpan.FromMinutes(options.Value.IdleMinutes), time, waiting.Token));
                await waiting.CancelAsync();
                if (!next.IsCompleted) await encoder.EndAsync();
            }
            var number = await next;
            if (items.Reads(textModel)) await EncodeAsync(number, textModel, stoppingToken);
            else if (reports.IsDue("foreign", 1, out _)) logger.TextModelForeign(textModel);
        }
    }

    private async Task EncodeAsync(int number, string textModel, CancellationToken stoppingToken)
    {
        for (var attempt = 1; !state.Catalog.IsRemoved(number); attempt++)
        {
            var text = ItemTexts.TextOf(state.Catalog[number]);
            try
            {
                items.TextEncoded(number, state.Catalog, text, await encoder.EncodeAsync(text, textModel, stoppingToken), textModel);
                return;
            }
            catch (RecSysException failure) when (attempt == Attempts)
            {
                if (reports.IsDue("failed", 1, out var since)) logger.TextsNotEncoded(since, failure.Message);
                return;
            }
            catch (RecSysException)
            {
                // Once more, in a new child.
            }
        }
    }
}
