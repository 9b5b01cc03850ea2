using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.IdentityModel.Tokens;
using RecSys.Core.Domain;

namespace RecSys.Api.Hosting.Authentication;

internal static class AuthenticationSetup
{
    // "Authentication": { "Issuer": "recsys", "Audience": "recsys-api", "PublicKeyFiles": [ "/etc/recsys/issuer.pem" ] }
    public static void AddTokenAuthentication(this WebApplicationBuilder builder)
    {
        var settings = Settings.Authentication();
        var keys = LoadKeys(settings, builder.Environment.IsDevelopment());
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.TokenValidationParameters = TokenValidation.Parameters(settings, keys);
            options.Events = new JwtBearerEvents
            {
                OnMessageReceived = context =>
                {
                    string? header = context.Request.Headers.Authorization;
                    if (header is not null && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
                        && !TokenValidation.HeaderIsAcceptable(header.AsSpan(7).Trim()))
                    {
                        context.Fail("The token is not acceptable.");
                    }
                    return Task.CompletedTask;
                },
                OnTokenValidated = context =>
                {
                    if (string.IsNullOrEmpty(context.Principal?.FindFirst("sub")?.Value)) context.Fail("The token names no subject.");
                    return Task.CompletedTask;
                },
            };
        });
        var authorization = builder.Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var scope in Scopes.All)
        {
            authorization.AddPolicy(scope, policy => policy.RequireAuthenticatedUser()
                .RequireAssertion(context => context.User.HasScope(scope) || context.User.HasScope(Scopes.Admin)));
        }
    }

    private static List<SecurityKey> LoadKeys(AuthenticationSettings settings, bool development)
    {
        var keys = new List<SecurityKey>();
        foreach (var file in settings.PublicKeyFiles)
        {
            var key = ECDsa.Create();
            try
            {
                key.ImportFromPem(File.ReadAllText(file));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
            {
                throw new RecSysException($"Authentication:PublicKeyFiles names {file}, which is not a readable PEM file with an ECDSA P-256 public key ({exception.Message}).", exception);
            }
            keys.Add(new ECDsaSecurityKey(key));
        }
        if (development) keys.Add(new ECDsaSecurityKey(DevelopmentKey.LoadOrCreate()));
        if (keys.Count == 0)
        {
            throw new RecSysException("No token can be checked: outside the Development environment Authentication:PublicKeyFiles must name at least one PEM file "
                + "with the issuer's ECDSA P-256 public key. To try things out, set DOTNET_ENVIRONMENT=Development.");
        }
        return keys;
    }
}
