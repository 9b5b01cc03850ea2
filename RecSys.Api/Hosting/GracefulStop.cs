using RecSys.Core.Domain;

namespace RecSys.Api.Hosting;

/// <summary>
/// Ends a server without losing a request: readiness fails, load balancers get time to notice, then the port closes, requests at hand are
/// finished and queues flushed.
/// </summary>
internal static partial class GracefulStop
{
    // "Shutdown": { "DelaySeconds": 5, "DrainSeconds": 20 }
    public static void AddGracefulStop(this WebApplicationBuilder builder)
    {
        var options = SectionReader.Read<ShutdownOptions>(builder.Configuration, ShutdownOptions.SectionName);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<Readiness>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.DrainSeconds));
        // Signals reach the commands, which end the server by WaitAsync below; the host's own handler would close the port at once.
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
    }

    /// <summary>Longest time that <see cref="WaitAsync"/> takes from the signal to its return.</summary>
    public static TimeSpan Longest()
    {
        var options = SectionReader.Read<ShutdownOptions>(Settings.Root, ShutdownOptions.SectionName);
        return TimeSpan.FromSeconds(options.DelaySeconds + options.DrainSeconds + 10);
    }

    /// <summary>Serves until the token is cancelled or the server stops by itself, then ends it in the order above.</summary>
    /// <exception cref="RecSysException">A background service of the server failed and took it down.</exception>
    public static async Task WaitAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var (options, logger) = (app.Services.GetRequiredService<ShutdownOptions>(), app.Services.GetRequiredService<ILogger<Readiness>>());
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var byToken = cancellationToken.UnsafeRegister(_ => stopping.TrySetResult(), null);
        await using var byHost = app.Lifetime.ApplicationStopping.UnsafeRegister(_ => stopping.TrySetResult(), null);
        await stopping.Task;

        app.Services.GetRequiredService<Readiness>().Stop();
        if (cancellationToken.IsCancellationRequested)
        {
            Stopping(logger, options.DelaySeconds);
            await Task.Delay(TimeSpan.FromSeconds(options.DelaySeconds), app.Services.GetRequiredService<TimeProvider>(),
                CancellationToken.None);
        }
        await app.StopAsync(CancellationToken.None);
        if (!cancellationToken.IsCancellationRequested)
            throw new RecSysException("The server stopped by itself because a part of it failed; its log says which.");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Told to stop: not ready any more, the port closes in {Seconds} s")]
    private static partial void Stopping(ILogger logger, double seconds);

    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
