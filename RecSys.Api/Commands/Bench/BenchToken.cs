using System.Net.Http.Headers;
using RecSys.Api.Hosting.Authentication;

namespace RecSys.Api.Commands.Bench;

/// <summary>What a bench shows to a <see cref="ServerProcess"/>.</summary>
internal static class BenchToken
{
    /// <summary>The header of a token with these scopes.</summary>
    public static AuthenticationHeaderValue Of(TimeSpan lifetime, params string[] scopes) =>
        new("Bearer", DevelopmentKey.Issue("bench", scopes, lifetime));
}
