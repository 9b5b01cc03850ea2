namespace RecSys.Api.Hosting.Requests;

/// <summary>What a route says about the body that it reads.</summary>
/// <param name="MaxBytes">Most bytes of it.</param>
/// <param name="Documented">The type that describes its fields in the OpenAPI document.</param>
/// <param name="ContentType">Its content type.</param>
/// <param name="IsPatch">True when every field may be left out.</param>
/// <param name="IsStream">True when it is taken as it comes, however long that is.</param>
/// <param name="IsOptional">True when a request may come without it.</param>
internal sealed record AcceptedBody(
    long MaxBytes, Type? Documented = null, string ContentType = "application/json", bool IsPatch = false, bool IsStream = false,
    bool IsOptional = false);
