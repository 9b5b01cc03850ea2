using System.ComponentModel.DataAnnotations;
using RecSys.Core.Domain;

namespace RecSys.Core.Monitoring;

/// <summary>What is measured and where it goes, section <c>Monitoring</c>.</summary>
public sealed class MonitoringOptions : IValidatableObject
{
    public const string SectionName = "Monitoring";

    /// <summary>Value of <see cref="OtlpProtocol"/>.</summary>
    public const string OtlpGrpc = "grpc";

    /// <summary>Value of <see cref="OtlpProtocol"/>.</summary>
    public const string OtlpHttp = "http";

    /// <summary>
    /// Port for <c>/metrics</c> alone, on the server's address: whoever collects metrics needs no token, so the port belongs behind the
    /// firewall. 0: none.
    /// </summary>
    [Range(0, 65_535)]
    public int MetricsPort { get; set; } = 9464;

    /// <summary>
    /// Address that takes metrics, spans and logs by OTLP, such as <c>http://collector:4317</c>; null or blank: nothing is sent.
    /// </summary>
    public string? OtlpEndpoint { get; set => field = SettingText.OrNone(value); }

    /// <summary><c>grpc</c>, or <c>http</c> for protobuf over HTTP/1.1, usually port 4318.</summary>
    [AllowedValues(OtlpGrpc, OtlpHttp)]
    public string OtlpProtocol { get; set; } = OtlpGrpc;

    /// <summary>Share of the requests whose spans are sent to <see cref="OtlpEndpoint"/>, 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double TraceShare { get; set; } = 0.01;

    /// <summary>Bytes per second that the network takes, to tell how much of it is used; null: unknown.</summary>
    [Range(1, long.MaxValue)]
    public long? NetworkBytesPerSecond { get; set; }

    /// <summary>Bytes per second that the disk takes, to tell how much of it is used; null: unknown.</summary>
    [Range(1, long.MaxValue)]
    public long? DiskBytesPerSecond { get; set; }

    /// <summary>Click rate that is wanted, 0 to 1, shown beside the one that is; null: none.</summary>
    [Range(0.0, 1.0)]
    public double? TargetClickRate { get; set; }

    /// <summary>
    /// Currency of revenue, ISO 4217: money in another one is left out and counted, money that names none counts. Null: the first one that
    /// an event names.
    /// </summary>
    [RegularExpression("[A-Z]{3}", ErrorMessage = "Currency must be three upper-case letters as in ISO 4217, such as EUR, or null.")]
    public string? Currency { get; set; }

    /// <summary>Trains when drift is found, at most once a day, by the schedule's rules; false: drift is only told.</summary>
    public bool RetrainOnDrift { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (OtlpEndpoint is not null
            && !(Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
        {
            yield return new ValidationResult(
                "OtlpEndpoint must be an address such as http://collector:4317, or null.", [nameof(OtlpEndpoint)]);
        }
    }
}
