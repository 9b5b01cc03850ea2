using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using RecSys.Api.Contracts.Reading;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Models;

namespace RecSys.Api.Endpoints;

/// <summary>What a request to change a version's state says beside the version.</summary>
/// <param name="Revision">Of If-Match; null where it is left out or <c>*</c>.</param>
/// <param name="Reason">Of the body; null where it is left out.</param>
/// <param name="Refusal">The answer to a request that cannot be read; null for one that can.</param>
internal sealed record ModelChangeRequest(long? Revision, string? Reason, IResult? Refusal)
{
    /// <param name="http">The request.</param>
    /// <param name="reasonRequired">True: one without a reason is refused.</param>
    public static async Task<ModelChangeRequest> ReadAsync(HttpContext http, bool reasonRequired)
    {
        long? revision = null;
        var match = http.Request.Headers.IfMatch;
        if (match.Count > 0 && match != "*")
        {
            if (match.Count != 1
                || !long.TryParse(match.ToString().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return Refused(Problems.BadRequest(
                    new Dictionary<string, string[]> { ["If-Match"] = ["must be one revision, such as \"42\", or *"] }));
            revision = number;
        }
        if (!reasonRequired && http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
            return new ModelChangeRequest(revision, null, null);
        if (!(await JsonBody.ReadDocumentAsync(http)).Succeeded(out var body, out var problem)) return Refused(problem);
        using (body)
        {
            var reader = new JsonObjectReader(body.RootElement, "");
            var reason = reader.Text("reason", reasonRequired);
            if (reason is not null && !ModelRegistry.IsReason(reason))
                reader.Add("invalid", "reason", $"must have 1 to {ModelRegistry.MaxTextLength} characters and no control characters");
            reader.Finish();
            return reader.Faults.Count > 0 ? Refused(Faults.ToProblem(reader.Faults)) : new ModelChangeRequest(revision, reason, null);
        }
    }

    private static ModelChangeRequest Refused(IResult refusal) => new(null, null, refusal);
}
