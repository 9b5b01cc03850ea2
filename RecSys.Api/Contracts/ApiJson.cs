using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace RecSys.Api.Contracts;

/// <summary>Source-generated JSON of every body that the API reads or writes: snake_case names, strict reading.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 64)]
[JsonSerializable(typeof(RecommendResponse))]
[JsonSerializable(typeof(RankResponse))]
[JsonSerializable(typeof(ScenariosResponse))]
[JsonSerializable(typeof(ItemListResponse))]
[JsonSerializable(typeof(ExplanationBody))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(PostEventsResponse))]
[JsonSerializable(typeof(RecentEventsResponse))]
[JsonSerializable(typeof(WriteResponse))]
[JsonSerializable(typeof(ItemBody))]
[JsonSerializable(typeof(ItemPage))]
[JsonSerializable(typeof(UserBody))]
[JsonSerializable(typeof(UserPage))]
[JsonSerializable(typeof(RuleBody))]
[JsonSerializable(typeof(RulePage))]
[JsonSerializable(typeof(RuleHistoryBody))]
[JsonSerializable(typeof(RulePreviewResponse))]
[JsonSerializable(typeof(DataReadiness))]
[JsonSerializable(typeof(DeadLetterPage))]
[JsonSerializable(typeof(BulkJobBody))]
[JsonSerializable(typeof(BulkJobsResponse))]
[JsonSerializable(typeof(BatchJobBody))]
[JsonSerializable(typeof(BatchJobsResponse))]
[JsonSerializable(typeof(ModelPage))]
[JsonSerializable(typeof(ModelDetails))]
[JsonSerializable(typeof(ModelDiffBody))]
[JsonSerializable(typeof(ModelChangeResponse))]
[JsonSerializable(typeof(ModelReasonRequest))]
[JsonSerializable(typeof(LatencyReport))]
[JsonSerializable(typeof(LatencySeries))]
[JsonSerializable(typeof(MachineReport))]
[JsonSerializable(typeof(AlertsReport))]
[JsonSerializable(typeof(SilenceBody))]
[JsonSerializable(typeof(SilenceNote))]
[JsonSerializable(typeof(SilenceRequest))]
[JsonSerializable(typeof(AutoscalingReport))]
[JsonSerializable(typeof(BusinessReport))]
[JsonSerializable(typeof(DriftReport))]
[JsonSerializable(typeof(UserTokenResponse))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(HttpValidationProblemDetails))]
internal sealed partial class ApiJson : JsonSerializerContext;
