using System.ComponentModel.DataAnnotations;

namespace RecSys.Api.Dashboard;

/// <summary>The dashboard that the server brings along, section <c>Dashboard</c>.</summary>
internal sealed class DashboardOptions : IValidatableObject
{
    public const string SectionName = "Dashboard";

    /// <summary>False: no page, no sign-in, no stream; their routes are not there.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>A session ends after so many hours, and with its token if that ends sooner.</summary>
    [Range(0.1, 168)]
    public double SessionHours { get; set; } = 12;

    /// <summary>Sessions at the same time; one more ends the oldest.</summary>
    [Range(1, 10_000)]
    public int MaxSessions { get; set; } = 64;

    /// <summary>Live streams at the same time, all sessions together; one more is refused with 503.</summary>
    [Range(1, 1_000)]
    public int MaxStreams { get; set; } = 16;

    /// <summary>
    /// Where pictures of items may be loaded from, such as <c>https://images.example</c>. None: the dashboard asks nobody but this server,
    /// and draws its own.
    /// </summary>
    public IList<string> ImageHosts { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // They become part of a header.
        foreach (var host in ImageHosts)
        {
            if (!Uri.TryCreate(host, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps
                || address.GetLeftPart(UriPartial.Authority) != host || address.UserInfo.Length > 0
                || host.AsSpan().ContainsAny(" ;,'\""))
            {
                yield return new ValidationResult(
                    "Dashboard:ImageHosts must be origins such as https://images.example, in lower case, without a path.");
            }
        }
    }
}
