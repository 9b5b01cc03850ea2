using System.Diagnostics.Metrics;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;
using RecSys.Core.Events;
using RecSys.Core.Models;
using RecSys.Core.Monitoring.Alerts;
using RecSys.Core.Monitoring.Autoscaling;
using RecSys.Core.Monitoring.Business;
using RecSys.Core.Monitoring.Drift;
using RecSys.Core.Monitoring.Machine;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Logging;
using RecSys.Core.Recommendations.Paging;

namespace RecSys.Api.Hosting.Telemetry;

/// <summary>THE list of what is measured: one class of instruments per capability, and the conventions of the runtime.</summary>
internal static class Meters
{
    /// <summary>Makes each class of instruments; also for <c>docs/metrics.md</c>, which lists what they make.</summary>
    public static IReadOnlyDictionary<Type, Func<IMeterFactory, object>> Own { get; } = new Dictionary<Type, Func<IMeterFactory, object>>
    {
        [typeof(PipelineMetrics)] = meters => new PipelineMetrics(meters),
        [typeof(ServedRecordMetrics)] = meters => new ServedRecordMetrics(meters),
        [typeof(PagingMetrics)] = meters => new PagingMetrics(meters),
        [typeof(ModelMetrics)] = meters => new ModelMetrics(meters),
        [typeof(EventMetrics)] = meters => new EventMetrics(meters),
        [typeof(LimitMetrics)] = meters => new LimitMetrics(meters),
        [typeof(AuthenticationMetrics)] = meters => new AuthenticationMetrics(meters),
        [typeof(MachineMetrics)] = meters => new MachineMetrics(meters),
        [typeof(AlertMetrics)] = meters => new AlertMetrics(meters),
        [typeof(ScalingMetrics)] = meters => new ScalingMetrics(meters),
        [typeof(BusinessMetrics)] = meters => new BusinessMetrics(meters),
        [typeof(DriftMetrics)] = meters => new DriftMetrics(meters),
    };

    /// <summary>Names of the meters of those classes.</summary>
    public static IReadOnlyList<string> OwnNames { get; } =
    [
        PipelineMetrics.SourceName, ModelMetrics.SourceName, EventMetrics.SourceName, LimitMetrics.SourceName,
        AuthenticationMetrics.SourceName, MachineMetrics.SourceName, BusinessMetrics.SourceName, DriftMetrics.SourceName,
        AlertMetrics.SourceName, ScalingMetrics.SourceName,
    ];

    /// <summary>Names of the runtime's own meters that are exported.</summary>
    public static IReadOnlyList<string> OfRuntime { get; } =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    /// <summary>Names of the activity sources whose spans are sent.</summary>
    public static IReadOnlyList<string> Sources { get; } = [PipelineMetrics.SourceName, EventMetrics.SourceName];
}
