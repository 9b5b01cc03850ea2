using RecSys.Api.Dashboard.Feeds;
using RecSys.Api.Dashboard.Search;
using RecSys.Api.Dashboard.Sessions;
using RecSys.Api.Hosting;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;

namespace RecSys.Api.Dashboard;

/// <summary>Registration and routes of the dashboard.</summary>
internal static class DashboardSetup
{
    // "Dashboard": { "Enabled": true, "SessionHours": 12, "MaxSessions": 64, "MaxStreams": 16, "ImageHosts": [] }
    public static void AddDashboard(this WebApplicationBuilder builder)
    {
        var options = SectionReader.Read<DashboardOptions>(builder.Configuration, DashboardOptions.SectionName);
        builder.Services.AddSingleton(options);
        if (!options.Enabled) return;
        builder.Services.AddSingleton<SiteFiles>();
        builder.Services.AddSingleton<DashboardSessions>();
        builder.Services.AddSingleton<SessionCookie>();
        if (builder.Environment.IsDevelopment()) builder.Services.AddSingleton<SignInCodes>();
        builder.Services.AddSingleton<LiveStreams>();
        builder.Services.AddSingleton<IDashboardFeed, LatencyFeed>();
        builder.Services.AddSingleton<IDashboardFeed, MachineFeed>();
        builder.Services.AddSingleton<IDashboardFeed, EventFeed>();
    }

    /// <param name="app">The server.</param>
    /// <param name="hasData">False for a server without a log: nothing can be searched.</param>
    public static void MapDashboard(this WebApplication app, bool hasData)
    {
        if (!app.Services.GetRequiredService<DashboardOptions>().Enabled) return;
        app.MapSessions(app.Environment.IsDevelopment());
        app.MapStream();
        app.MapNights();
        app.MapSettings();
        if (hasData) app.MapSearch();
        app.MapGet("/", (HttpContext http, SiteFiles files) => files.Find(http, ""))
            .ExcludeFromDescription().AllowAnonymous().CountsAs(OperationClass.Dashboard).AnswersHeadToo();
        app.MapGet("/dashboard/{**file}", (HttpContext http, SiteFiles files, string? file) =>
                files.Find(http, file ?? "") ?? Problems.Of(StatusCodes.Status404NotFound))
            .ExcludeFromDescription().AllowAnonymous().CountsAs(OperationClass.Dashboard).AnswersHeadToo();
    }
}
