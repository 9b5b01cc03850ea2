namespace RecSys.Core.Pipeline;

/// <summary>A validated request for recommendations.</summary>
/// <param name="UserId">Who gets the list.</param>
/// <param name="NumItems">Items wanted, 1 to 100.</param>
/// <param name="Device">Name from <see cref="Domain.ContextCodes.DeviceNames"/>, or null.</param>
/// <param name="Location">Any place name, or null.</param>
/// <param name="Wishes">What it asks for beyond that, or null.</param>
/// <param name="Scenario">Named placement that shows the list; its policy applies.</param>
public sealed record RecommendationRequest(
    string UserId, int NumItems, string? Device = null, string? Location = null, RequestWishes? Wishes = null,
    string Scenario = RecommendationRequest.Home)
{
    /// <summary>The scenario of a request that names none.</summary>
    public const string Home = "home";
}
