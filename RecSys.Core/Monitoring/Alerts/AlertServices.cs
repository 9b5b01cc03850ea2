using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Models;
using RecSys.Core.Monitoring.Alerts.Acting;
using RecSys.Core.Monitoring.Alerts.Delivery;
using RecSys.Core.Monitoring.Alerts.Keeping;
using RecSys.Core.Monitoring.Alerts.Sources;
using RecSys.Core.Monitoring.Business;
using RecSys.Core.Monitoring.Drift;
using RecSys.Core.Monitoring.Machine;
using RecSys.Core.Monitoring.Windows;

namespace RecSys.Core.Monitoring.Alerts;

/// <summary>Registration of the alerts.</summary>
public static class AlertServices
{
    // "Alerts": { "EverySeconds": 10, "GroupSeconds": 60, "History": 500, "SlackUrl": null, "SlackUrlFile": null,
    //   "PagerDutyUrl": "https://events.pagerduty.com/v2/enqueue", "PagerDutyRoutingKey": null, "PagerDutyRoutingKeyFile": null,
    //   "AllowPrivateAddress": false, "GiveUpMinutes": 15, "Rollback": true, "RollbackHours": 24, "PostMortems": 20 }

    /// <summary>
    /// Registers the alerts with what keeps them going. Needs monitoring, business figures, drift, models, autoscaling, a
    /// <see cref="LiveState"/>, a <see cref="TimeProvider"/> and an <see cref="AlertAuditor"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Has the section.</param>
    /// <param name="dataFolder">Holds <c>monitoring/alerts.json</c>, <c>monitoring/alerts-undelivered.jsonl</c> and
    /// <c>postmortems/</c>.</param>
    /// <param name="isDevelopment">In Development receivers may be on this machine and without https.</param>
    public static IServiceCollection AddAlerts(
        this IServiceCollection services, IConfiguration configuration, string dataFolder, bool isDevelopment)
    {
        services.AddOptions<AlertOptions>().Bind(configuration.GetSection(AlertOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AlertOptions>, AlertOptionsValidator>();
        services.AddSingleton<AlertMetrics>();
        services.AddAlertSources();
        services.AddSingleton(
            provider => new Receivers(ReceiversOf(provider.GetRequiredService<IOptions<AlertOptions>>().Value, isDevelopment)));
        services.AddSingleton(provider =>
        {
            var center = new AlertCenter(
                provider.GetServices<AlertSource>(), [.. provider.GetRequiredService<Receivers>().All.Select(each => each.Channel)],
                provider.GetRequiredService<IOptions<AlertOptions>>(), new AlertFile(Path.Combine(dataFolder, "monitoring", "alerts.json")),
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<AlertCenter>>());
            provider.GetRequiredService<AlertMetrics>().Observe(center);
            return center;
        });
        services.AddHostedService<AlertJob>();
        services.AddActing(dataFolder);
        services.AddHostedService(provider => DeliveryOf(provider, dataFolder, isDevelopment));
        return services;
    }

    /// <summary>Says what a rule reads, beside what it watches.</summary>
    /// <param name="services">The services.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="source">Makes the reader once; the reader itself is called at every look, from one thread at a time.</param>
    public static IServiceCollection AddAlertSource(
        this IServiceCollection services, AlertRule rule, Func<IServiceProvider, Func<AlertReading?>> source) =>
        services.AddSingleton(provider => new AlertSource(rule.Name, source(provider)));

    /// <summary>The receivers that the options name.</summary>
    /// <exception cref="RecSysException">An address or a key cannot be used.</exception>
    internal static IReadOnlyList<IAlertReceiver> ReceiversOf(AlertOptions options, bool isDevelopment)
    {
        var receivers = new List<IAlertReceiver>();
        if (ReceiverAddress.Secret(options.SlackUrl, options.SlackUrlFile, "Alerts:SlackUrlFile") is { } slack)
            receivers.Add(new SlackReceiver(ReceiverAddress.Parse(slack, "Alerts:SlackUrl", isDevelopment)));
        if (ReceiverAddress.Secret(
            options.PagerDutyRoutingKey, options.PagerDutyRoutingKeyFile, "Alerts:PagerDutyRoutingKeyFile") is { } key)
        {
            receivers.Add(new PagerDutyReceiver(
                ReceiverAddress.Parse(options.PagerDutyUrl, "Alerts:PagerDutyUrl", isDevelopment), key, Environment.MachineName));
        }
        return receivers;
    }

    private static void AddAlertSources(this IServiceCollection services)
    {
        services.AddAlertSource(AlertRules.Latency, provider => Requests(provider).Latency);
        services.AddAlertSource(AlertRules.Errors, provider => Requests(provider).Errors);
        services.AddAlertSource(AlertRules.ClickRateDrop, provider => Figures(provider).ClickRateDrop);
        services.AddAlertSource(AlertRules.Drift, provider => Figures(provider).Drift);
        services.AddAlertSource(AlertRules.Processor, provider => Machine(provider).Processor);
        services.AddAlertSource(AlertRules.Memory, provider => Machine(provider).Memory);
        services.AddAlertSource(AlertRules.Disk, provider => Machine(provider).Disk);
        services.AddAlertSource(AlertRules.StaleModel, provider => new ChampionAge(
            provider.GetRequiredService<ModelPool<ServingModel>>(), provider.GetRequiredService<LiveState>(),
            provider.GetKeyedService<TimeProvider>(ServedTime.Key) ?? provider.GetRequiredService<TimeProvider>()).Read);
        services.AddAlertSource(AlertRules.EventLag, provider =>
        {
            var tail = provider.GetService<EventTail>();
            return () => tail is null ? null : new AlertReading(tail.Unfolded);
        });

        static RequestSources Requests(IServiceProvider provider) => new(provider.GetRequiredService<LatencyWindows>());
        static FigureSources Figures(IServiceProvider provider) =>
            new(provider.GetRequiredService<BusinessFigures>(), provider.GetRequiredService<DriftFigures>());
        static MachineSources Machine(IServiceProvider provider) => new(provider.GetRequiredService<MachineWatch>());
    }

    private static void AddActing(this IServiceCollection services, string dataFolder)
    {
        services.AddSingleton<IAlertAction, ModelRollback>();
        services.AddSingleton<IAlertAction, ScaleUpRequest>();
        // Last: it tells what the others did.
        services.AddSingleton<IAlertAction>(provider => new PostMortemDraft(
            Path.Combine(dataFolder, "postmortems"), provider.GetRequiredService<AlertCenter>(),
            provider.GetRequiredService<ModelRegistry>(), provider.GetRequiredService<IOptions<AlertOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<AlertActing>();
    }

    private static AlertDelivery DeliveryOf(IServiceProvider provider, string dataFolder, bool isDevelopment)
    {
        var (options, center) = (provider.GetRequiredService<IOptions<AlertOptions>>().Value, provider.GetRequiredService<AlertCenter>());
        var (time, metrics) = (provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<AlertMetrics>());
        var undelivered = new UndeliveredFile(Path.Combine(dataFolder, "monitoring", "alerts-undelivered.jsonl"));
        var http = ReceiverHttp.Create(isDevelopment || options.AllowPrivateAddress);
        var logger = provider.GetRequiredService<ILogger<AlertSender>>();
        return new AlertDelivery(
            [.. provider.GetRequiredService<Receivers>().All.Select(receiver => (receiver.Channel.Name, new AlertSender(
                receiver, center, http, undelivered, TimeSpan.FromMinutes(options.GiveUpMinutes), time,
                () => RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20), metrics, logger)))],
            center, time, provider.GetRequiredService<ILogger<AlertDelivery>>());
    }

    private sealed record Receivers(IReadOnlyList<IAlertReceiver> All);
}
