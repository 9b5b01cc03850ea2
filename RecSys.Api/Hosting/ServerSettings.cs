namespace RecSys.Api.Hosting;

/// <summary>Where the server's data is and where it listens, from the command line.</summary>
/// <param name="DataFolder">Holds the database and <c>models/</c>.</param>
/// <param name="Address">Address to listen on.</param>
/// <param name="Port">TCP port; 0 picks a free one.</param>
/// <param name="Environment">Host environment; null takes it from <c>DOTNET_ENVIRONMENT</c>.</param>
internal sealed record ServerSettings(string DataFolder, string Address = "127.0.0.1", int Port = 8080, string? Environment = null)
{
    /// <summary>Settings of this server alone, over those of <see cref="Settings.Root"/>.</summary>
    public IReadOnlyDictionary<string, string?> Overrides { get; init; } = new Dictionary<string, string?>();

    /// <summary>The moment to take for now at the start; null: the machine's time.</summary>
    public AsOf? AsOf { get; init; }

    /// <summary>The clock of the log and of what is served; the machine's, unless a simulated world has its own.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>True in the environment <c>Development</c>, as the host sees it.</summary>
    public bool IsDevelopment => string.Equals(
        Environment ?? System.Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
            ?? System.Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT"),
        Environments.Development, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// For a server within a program that does something else, such as measuring it: a free port of the loopback address, the Development
    /// environment, no port for metrics, which other servers may want, and no champion taken back because other work makes it slow.
    /// </summary>
    public static ServerSettings Within(string dataFolder) => new(dataFolder, Port: 0, Environment: "Development")
    {
        Overrides = new Dictionary<string, string?> { ["Monitoring:MetricsPort"] = "0", ["Alerts:Rollback"] = "false" },
    };

    /// <summary>Folder of the model bundles.</summary>
    public string ModelsFolder => Path.Combine(DataFolder, "models");
}
