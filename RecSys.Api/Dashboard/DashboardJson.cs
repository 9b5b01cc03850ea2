using System.Text.Json.Serialization;
using RecSys.Api.Dashboard.Search;
using RecSys.Api.Dashboard.Sessions;

namespace RecSys.Api.Dashboard;

/// <summary>JSON of the dashboard's own routes.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NightList))]
[JsonSerializable(typeof(SessionBody))]
[JsonSerializable(typeof(SignInCodeRequest))]
[JsonSerializable(typeof(FoundItems))]
[JsonSerializable(typeof(FoundUsers))]
[JsonSerializable(typeof(UserHistory))]
[JsonSerializable(typeof(SettingsBody))]
internal sealed partial class DashboardJson : JsonSerializerContext;
