namespace RecSys.Api.Dashboard.Sessions;

/// <summary>Body of <c>POST /dashboard/session/code</c>.</summary>
/// <param name="Code">Of the link that the server printed.</param>
public sealed record SignInCodeRequest(string Code);
