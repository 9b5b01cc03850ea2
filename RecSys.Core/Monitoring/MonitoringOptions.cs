using System.ComponentModel.DataAnnotations;

namespace RecSys.Core.Monitoring;

/// <summary>What is measured and where it goes, section <c>Monitoring</c>.</summary>
public sealed class MonitoringOptions
{
    public const string SectionName = "Monitoring";

    /// <summary>
    /// Port for <c>/metrics</c> alone, on the server's address: whoever collects metrics needs no token, so the port belongs behind the
    /// firewall. 0: none.
    /// </summary>
    [Range(0, 65_535)]
    public int MetricsPort { get; set; } = 9464;

    /// <summary>
    /// Address that takes metrics, spans and logs by OTLP over gRPC, such as <c>http://collector:4317</c>, or over HTTP where it ends in
    /// a path; null: nothing is sent.
    /// </summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>Share of the requests whose spans are sent to <see cref="OtlpEndpoint"/>, 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double TraceShare { get; set; } = 0.01;

    /// <summary>Bytes per second that the network takes, to tell how much of it is used; null: unknown.</summary>
    [Range(1, long.MaxValue)]
    public long? NetworkBytesPerSecond { get; set; }

    /// <summary>Bytes per second that the disk takes, to tell how much of it is used; null: unknown.</summary>
    [Range(1, long.MaxValue)]
    public long? DiskBytesPerSecond { get; set; }
}
