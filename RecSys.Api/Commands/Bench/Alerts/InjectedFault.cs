namespace RecSys.Api.Commands.Bench.Alerts;

/// <summary>A fault that <c>bench alerts</c> puts into a running server.</summary>
/// <param name="Name">As printed.</param>
/// <param name="Rule">The rule that has to see it.</param>
/// <param name="Begin">Begins the fault, and gives what ends it.</param>
internal sealed record InjectedFault(string Name, string Rule, Func<ServerProcess, string, IAsyncDisposable> Begin)
{
    /// <summary>Requests per second without a fault.</summary>
    public const double UsualRate = 10;

    /// <summary>
    /// The faults that a machine can have without waiting for hours. Errors are none of them: from outside a request can be made slow,
    /// refused or answered by a fallback, but not made to fail.
    /// </summary>
    public static IReadOnlyList<InjectedFault> All { get; } =
    [
        new("slow server", "latency_p99", (server, _) => new PausedProcess(server)),
        new("full disk", "disk_free", (_, folder) =>
        {
            var filler = Path.Combine(folder, "filler");
            SmallDisk.Fill(filler, leave: 0.04);
            return new Undo(() => File.Delete(filler));
        }),
    ];

    private sealed class Undo(Action act) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            act();
            return ValueTask.CompletedTask;
        }
    }

    // It runs in slices so short that many a request is cut by a pause: one that comes within a pause is timed from its end on.
    private sealed class PausedProcess : IAsyncDisposable
    {
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200), Run = TimeSpan.FromMilliseconds(20);
        private readonly CancellationTokenSource end = new();
        private readonly Task pausing;

        public PausedProcess(ServerProcess server) => pausing = Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                server.Pause();
                await Task.Delay(Pause, CancellationToken.None);
                server.Resume();
                await Task.Delay(Run, CancellationToken.None);
            }
        });

        public async ValueTask DisposeAsync()
        {
            await end.CancelAsync();
            await pausing;
            end.Dispose();
        }
    }
}
