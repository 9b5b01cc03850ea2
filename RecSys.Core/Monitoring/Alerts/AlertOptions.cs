using System.ComponentModel.DataAnnotations;
using RecSys.Core.Domain;
using RecSys.Core.Monitoring.Alerts.Delivery;

namespace RecSys.Core.Monitoring.Alerts;

/// <summary>Who is told of alerts, and what red may do, section <c>Alerts</c>. Thresholds stand in <see cref="AlertRules"/>.</summary>
public sealed class AlertOptions : IValidatableObject
{
    public const string SectionName = "Alerts";

    private const string UsualPagerDutyUrl = "https://events.pagerduty.com/v2/enqueue";

    /// <summary>Seconds between two looks. Default 10.</summary>
    [Range(1, 300)]
    public int EverySeconds { get; set; } = 10;

    /// <summary>Seconds for which the first alert waits for others, so that they are one message. Default 60.</summary>
    [Range(0, 600)]
    public int GroupSeconds { get; set; } = 60;

    /// <summary>Changes of levels that are kept. Default 500.</summary>
    [Range(10, 10_000)]
    public int History { get; set; } = 500;

    /// <summary>Address of a Slack-compatible webhook, which is a secret; null or blank (default null): nobody is told this way.</summary>
    public string? SlackUrl { get; set => field = SettingText.OrNone(value); }

    /// <summary>File that holds the address in place of <see cref="SlackUrl"/>.</summary>
    public string? SlackUrlFile { get; set => field = SettingText.OrNone(value); }

    /// <summary>Where PagerDuty's Events API v2 answers; null or blank: the default, its own address.</summary>
    public string PagerDutyUrl { get; set => field = SettingText.OrNone(value) ?? UsualPagerDutyUrl; } = UsualPagerDutyUrl;

    /// <summary>Integration key of the PagerDuty service, a secret; null or blank (default null): nobody is paged.</summary>
    public string? PagerDutyRoutingKey { get; set => field = SettingText.OrNone(value); }

    /// <summary>File that holds the key in place of <see cref="PagerDutyRoutingKey"/>.</summary>
    public string? PagerDutyRoutingKeyFile { get; set => field = SettingText.OrNone(value); }

    /// <summary>True lets receivers be at addresses of a private network. Default false: outside Development they are refused.</summary>
    public bool AllowPrivateAddress { get; set; }

    /// <summary>Minutes for which a message is tried before it is put aside. Default 15.</summary>
    [Range(1, 1440)]
    public int GiveUpMinutes { get; set; } = 15;

    /// <summary>Whether red may roll the champion back. Default true.</summary>
    public bool Rollback { get; set; } = true;

    /// <summary>Only a champion that took over within so many hours is rolled back. Default 24.</summary>
    [Range(1, 720)]
    public int RollbackHours { get; set; } = 24;

    /// <summary>Drafts of post-mortems that are kept. Default 20.</summary>
    [Range(1, 1000)]
    public int PostMortems { get; set; } = 20;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SlackUrl is not null && SlackUrlFile is not null)
            yield return new ValidationResult("Alerts: set SlackUrl or SlackUrlFile, not both.");
        if (PagerDutyRoutingKey is not null && PagerDutyRoutingKeyFile is not null)
            yield return new ValidationResult("Alerts: set PagerDutyRoutingKey or PagerDutyRoutingKeyFile, not both.");
        // An address is a secret: what is wrong is said without it.
        if (SlackUrl is not null && !ReceiverAddress.IsAddress(SlackUrl))
            yield return new ValidationResult("Alerts:SlackUrl must be an address such as https://hooks.slack.com/services/...");
        if (!ReceiverAddress.IsAddress(PagerDutyUrl))
            yield return new ValidationResult("Alerts:PagerDutyUrl must be an address such as https://events.pagerduty.com/v2/enqueue.");
    }
}
