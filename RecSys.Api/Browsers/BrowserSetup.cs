using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using RecSys.Api.Hosting;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;

namespace RecSys.Api.Browsers;

/// <summary>Registration, middleware and routes of what pages of other sites use.</summary>
internal static class BrowserSetup
{
    /// <summary>Address of the snippet.</summary>
    public const string SdkPath = "/sdk/recsys.js";

    private const string Resource = "sdk/recsys.js";

    // "Browsers": { "Origins": [ "https://shop.example" ], "PublicKey": "pk_...", "PublicKeyPerSecond": 200 }
    public static void AddBrowsers(this WebApplicationBuilder builder)
    {
        var options = SectionReader.Read<BrowserOptions>(builder.Configuration, BrowserOptions.SectionName);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<PublicKey>();
        if (options.Origins.Count == 0) return;
        // Rights come with a token, which a page has to send by itself; no cookie of this server goes along.
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. options.Origins])
            .WithMethods(HttpMethods.Get, HttpMethods.Post)
            .WithHeaders(HeaderNames.Authorization, HeaderNames.ContentType)
            .WithExposedHeaders(HeaderNames.RetryAfter)
            .SetPreflightMaxAge(TimeSpan.FromHours(1))));
    }

    /// <summary>Answers the questions of browsers; stands behind routing and before authentication, since they carry no token.</summary>
    public static void UseBrowsers(this WebApplication app)
    {
        if (app.Services.GetRequiredService<BrowserOptions>().Origins.Count > 0) app.UseCors();
    }

    public static void MapBrowsers(this WebApplication app)
    {
        var (content, tag) = ReadSdk();
        var seconds = app.Services.GetRequiredService<BrowserOptions>().SdkCacheSeconds;
        app.MapGet(SdkPath, (HttpContext http) =>
            {
                http.Response.Headers.CacheControl = $"public, max-age={seconds}";
                return TypedResults.Bytes(content, "text/javascript; charset=utf-8", entityTag: tag);
            })
            .WithName("BrowserSnippet").WithSummary("The snippet for pages of a shop, an ES module")
            .AllowAnonymous().CountsAs(OperationClass.Dashboard).AnswersHeadToo()
            .Produces<string>(StatusCodes.Status200OK, "text/javascript");
        app.MapTokens();
    }

    private static (byte[] Content, EntityTagHeaderValue Tag) ReadSdk()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return (content, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}\""));
    }
}
