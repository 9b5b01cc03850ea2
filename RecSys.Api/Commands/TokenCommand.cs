using System.CommandLine;
using RecSys.Api.Hosting.Authentication;
using RecSys.Core.Domain;

namespace RecSys.Api.Commands;

/// <summary><c>token</c>: issues a bearer token that the Development environment accepts, and prints nothing else.</summary>
internal static class TokenCommand
{
    public static Command Create()
    {
        var user = new Option<string>(
            "--user") { Description = "Subject of the token; with recommend:read it may ask for itself", Required = true };
        var scopes = new Option<string[]>("--scope")
        {
            Description = $"What the token is good for: {string.Join(", ", Scopes.All)}",
            DefaultValueFactory = _ => [Scopes.RecommendRead],
            AllowMultipleArgumentsPerToken = true,
        };
        scopes.AcceptOnlyFromAmong([.. Scopes.All]);
        var hours = CommonOptions.InRange(
            new Option<int>("--hours") { Description = "Lifetime", DefaultValueFactory = _ => 24 }, 1, 24 * 365);
        var command = new Command("token", "Issue a bearer token for development") { user, scopes, hours };
        command.SetAction(arguments =>
        {
            if (!string.Equals(Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT"), "Development", StringComparison.OrdinalIgnoreCase))
                throw new RecSysException("Tokens are issued in the Development environment only; set DOTNET_ENVIRONMENT=Development, or "
                    + "get one from your issuer.");
            var subject = arguments.GetValue(user)!;
            if (Identifiers.FaultOfNew(subject) is { } fault) throw new RecSysException($"--user {fault}.");
            Console.WriteLine(DevelopmentKey.Issue(subject, arguments.GetValue(scopes)!, TimeSpan.FromHours(arguments.GetValue(hours))));
        });
        return command;
    }
}
