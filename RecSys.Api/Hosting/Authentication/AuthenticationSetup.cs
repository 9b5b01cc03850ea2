using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using RecSys.Api.Browsers;
using RecSys.Api.Dashboard.Sessions;
using RecSys.Core.Domain;

namespace RecSys.Api.Hosting.Authentication;

internal static class AuthenticationSetup
{
    // "Authentication": { "Issuer": "recsys", "Audience": "recsys-api", "PublicKeyFiles": [ "/etc/recsys/issuer.pem" ], "Jwks":
    // "https://id.example/jwks.json" }
    public static void AddTokenAuthentication(this WebApplicationBuilder builder)
    {
        var settings = SectionReader.Read<AuthenticationSettings>(builder.Configuration, AuthenticationSettings.SectionName);
        var fixedKeys = FixedKeys(settings, builder.Environment.IsDevelopment());
        var source = settings.Jwks is { } address ? new JwksSource(address) : null;
        if (fixedKeys.Count == 0 && source is null)
        {
            throw new RecSysException("No token can be checked: outside the Development environment Authentication:PublicKeyFiles must "
                + "name at least one PEM file "
                + "with the issuer's ECDSA P-256 public key, or Authentication:Jwks its key set. To try things out, set "
                    + "DOTNET_ENVIRONMENT=Development.");
        }
        var users = new UserTokens(settings, builder.Environment, TimeProvider.System);
        builder.Services.AddSingleton(users);
        if (users.Key is { } userKey) fixedKeys.Add(userKey);
        builder.Services.AddSingleton(provider => new IssuerKeys(
            settings, fixedKeys, source, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<IssuerKeys>>()));
        builder.Services.AddHostedService(provider => provider.GetRequiredService<IssuerKeys>());
        builder.Services.AddSingleton<KnownTokens>();
        builder.Services.AddSingleton<AuthenticationMetrics>();

        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder.Services.AddSingleton<IConfigureOptions<JwtBearerOptions>>(provider => new ConfigureNamedOptions<JwtBearerOptions>(
            JwtBearerDefaults.AuthenticationScheme,
            options => Configure(options, settings, provider.GetRequiredService<IssuerKeys>(), provider.GetRequiredService<KnownTokens>(),
                users, provider.GetRequiredService<PublicKey>(), provider.GetRequiredService<AuthenticationMetrics>(),
                provider.GetRequiredService<TimeProvider>())));
        var authorization = builder.Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var scope in Scopes.All)
        {
            authorization.AddPolicy(scope, policy => policy.RequireAuthenticatedUser()
                .RequireAssertion(context => context.User.HasScope(scope) || context.User.HasScope(Scopes.Admin)));
        }
    }

    private static void Configure(JwtBearerOptions options, AuthenticationSettings settings, IssuerKeys keys, KnownTokens known,
        UserTokens users, PublicKey pages, AuthenticationMetrics metrics, TimeProvider time)
    {
        options.MapInboundClaims = false;
        // Details would repeat claim values of the sender's choice in a header.
        options.IncludeErrorDetails = false;
        options.TokenValidationParameters = TokenValidation.Parameters(settings, keys, time);
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = async context =>
            {
                var session = SessionSetup.Use(context.HttpContext);
                context.Token = session?.Token;
                string? header = session?.Header ?? context.Request.Headers.Authorization;
                if (header is null || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return;
                if ((known.Find(header) ?? pages.Find(context.HttpContext, header.AsSpan(7).Trim())) is { } principal)
                {
                    context.Principal = principal;
                    context.Success();
                    return;
                }
                if (!TokenValidation.IsAcceptable(header.AsSpan(7).Trim(), out var kid)) context.Fail("The token is not acceptable.");
                else if (kid is not null) await keys.RefreshForAsync(kid, context.HttpContext.RequestAborted);
            },
            OnTokenValidated = context =>
            {
                if (Identifiers.Fault(context.Principal?.FindFirst("sub")?.Value) is not null)
                    context.Fail("The token names no usable subject.");
                else if (!users.Allows(context.SecurityToken, context.Principal?.FindFirst("scope")?.Value))
                    context.Fail("The key for tokens of users signs no other tokens.");
                else known.Add(HeaderOf(context.HttpContext), context.Principal!, context.SecurityToken.ValidTo);
                return Task.CompletedTask;
            },
            OnChallenge = context =>
            {
                context.HandleResponse();
                metrics.Challenged(context.Request.Headers.Authorization.Count > 0);
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers.WWWAuthenticate = context.Request.Headers.Authorization.Count > 0
                    ? "Bearer error=\"invalid_token\"" : "Bearer";
                return Task.CompletedTask;
            },
            OnForbidden = _ =>
            {
                metrics.Forbidden();
                return Task.CompletedTask;
            },
        };
    }

    // Of the session where the request has one, which stands for it in every check.
    private static string HeaderOf(HttpContext http) =>
        http.Features.Get<DashboardSession>()?.Header ?? http.Request.Headers.Authorization.ToString();

    private static List<SecurityKey> FixedKeys(AuthenticationSettings settings, bool development)
    {
        var keys = settings.PublicKeyFiles.Select(PublicKeyFile.Read).ToList<SecurityKey>();
        if (development) keys.Add(new ECDsaSecurityKey(DevelopmentKey.LoadOrCreate()));
        return keys;
    }
}
