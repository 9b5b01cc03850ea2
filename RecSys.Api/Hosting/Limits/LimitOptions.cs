using System.ComponentModel.DataAnnotations;
using RecSys.Core.Domain;

namespace RecSys.Api.Hosting.Limits;

/// <summary>What one client and all of them together may ask of the server, section <c>Limits</c>.</summary>
internal sealed class LimitOptions
{
    public const string SectionName = "Limits";

    public OperationLimits Recommend { get; set; } = new();

    // Posts wait for the disk, not for a processor: many at once share one flush.
    public OperationLimits Events { get; set; } =
        new() { ServicePerSecond = 10_000, ServiceBurst = 20_000, Concurrency = 512, Queue = 512 };

    public OperationLimits Catalogue { get; set; } = new() { Concurrency = 64, Queue = 64 };

    public OperationLimits Admin { get; set; } =
        new() { PerSecond = 10, Burst = 50, ServicePerSecond = 20, ServiceBurst = 100, Concurrency = 8, Queue = 16 };

    public OperationLimits Dashboard { get; set; } =
        new() { PerSecond = 50, Burst = 300, ServicePerSecond = 50, ServiceBurst = 300, Concurrency = 32, Queue = 64 };

    // Who tries tokens or codes gets ten at once, then one every five seconds.
    public OperationLimits SignIn { get; set; } =
        new() { PerSecond = 0.2, Burst = 10, ServicePerSecond = 0.2, ServiceBurst = 10, Concurrency = 4, Queue = 4 };

    /// <summary>
    /// Clients told apart; about 200 bytes each. Beyond, idle ones are forgotten, and if all are busy new ones share 64 budgets.
    /// </summary>
    [Range(64, 10_000_000)]
    public int MaxClients { get; set; } = 100_000;

    /// <summary>Open connections; further ones are closed at once.</summary>
    [Range(16, 1_000_000)]
    public int MaxConnections { get; set; } = 8192;

    /// <summary>Bytes per second below which a client that reads its replies too slowly loses its connection, after five seconds.</summary>
    [Range(1.0, 1_000_000.0)]
    public double MinResponseBytesPerSecond { get; set; } = 2048;

    /// <summary>Bytes of replies that wait in memory for one client to read them; then nothing more is answered to it.</summary>
    [Range(4096, 10_485_760)]
    public int ResponseBufferBytes { get; set; } = 65_536;

    /// <summary>Characters of a filter or boost.</summary>
    [Range(16, 65_536)]
    public int MaxExpressionLength { get; set; } = 4096;

    /// <summary>Levels of parentheses, calls and lists within each other in a filter or boost.</summary>
    [Range(1, 64)]
    public int MaxExpressionDepth { get; set; } = 32;

    /// <summary>Values, names, calls and operators in a filter or boost.</summary>
    [Range(1, 5000)]
    public int MaxExpressionNodes { get; set; } = 500;

    /// <summary>Attributes of items that filters and boosts can ask for, the first that come; 8 bytes per item that has one.</summary>
    [Range(0, 1000)]
    public int MaxAttributes { get; set; } = ItemCatalog.DefaultMaxAttributes;

    /// <summary>The limits of a class; null for <see cref="OperationClass.None"/>.</summary>
    public OperationLimits? Of(OperationClass operation) => operation switch
    {
        OperationClass.Recommend => Recommend,
        OperationClass.Events => Events,
        OperationClass.Catalogue => Catalogue,
        OperationClass.Admin => Admin,
        OperationClass.Dashboard => Dashboard,
        OperationClass.SignIn => SignIn,
        _ => null,
    };
}
