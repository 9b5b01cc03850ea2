using RecSys.Api.Hosting.Audit;
using RecSys.Core.Monitoring.Alerts;
using RecSys.Core.Monitoring.Alerts.Acting;
using RecSys.Core.Monitoring.Alerts.Sources;
using RecSys.Core.Pipeline;
using RecSys.Core.Training.Scheduling;

namespace RecSys.Api.Hosting.Alerts;

/// <summary>What alerts read of capabilities that monitoring does not know, and the audit of what they do.</summary>
internal static class AlertSetup
{
    // A share of fewer replies says little.
    private const int LeastReplies = 100;

    private static readonly TimeSpan ReplyWindow = TimeSpan.FromMinutes(1);

    public static void AddServerAlerts(this WebApplicationBuilder builder, string dataFolder)
    {
        var services = builder.Services;
        services.AddAlerts(builder.Configuration, dataFolder, builder.Environment.IsDevelopment());
        services.AddAlertSource(AlertRules.Fallback, provider =>
        {
            var metrics = provider.GetRequiredService<PipelineMetrics>();
            var window = new ReplyWindow(() => metrics.Replies, ReplyWindow, LeastReplies, provider.GetRequiredService<TimeProvider>());
            return window.Read;
        });
        services.AddAlertSource(AlertRules.Night, provider => new NightSources(provider.GetService<NightScheduler>(), dataFolder).Failed);
        services.AddAlertSource(AlertRules.Quality, provider => new NightSources(null, dataFolder).Quality);
        services.AddSingleton(provider =>
        {
            var audit = provider.GetRequiredService<AuditLog>();
            return new AlertAuditor((incident, act) => audit.Write(new AuditEntry(
                act.At, "alerts", "ACT", act.Action,
                new Dictionary<string, string> { ["incident"] = incident, ["outcome"] = act.Outcome },
                StatusCodes.Status200OK, incident)));
        });
    }
}
