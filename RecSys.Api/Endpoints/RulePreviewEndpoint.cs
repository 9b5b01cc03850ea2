using RecSys.Api.Contracts;
using RecSys.Api.Contracts.Reading;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Rules;
using RecSys.Core.Storage;

namespace RecSys.Api.Endpoints;

/// <summary><c>POST /rules:preview</c>: what other rules would have done to the lists of a span of time.</summary>
internal static class RulePreviewEndpoint
{
    private const int MostItems = 20, MostExamples = 10;
    private const long MaxBytes = 4 << 20;

    public static void MapRulePreview(this IEndpointRouteBuilder group) => group.MapPost("/rules:preview", PreviewAsync)
        .WithName("PreviewRules").WithSummary("What other rules would change in the lists of the last day; nothing is stored")
        .AcceptsJson(typeof(RulePreviewRequest), MaxBytes).Produces<RulePreviewResponse>()
        .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> PreviewAsync(
        HttpContext http, RulePreview preview, WorldSource worlds, [FromKeyedServices(ServedTime.Key)] TimeProvider time)
    {
        if (!(await JsonBody.ReadDocumentAsync(http)).Succeeded(out var body, out var problem)) return problem;
        using (body)
        {
            var world = worlds.Take();
            var reading = new PreviewReading(body.RootElement, world.Catalog, time.GetUtcNow());
            if (reading.Faults.Count > 0) return Faults.ToProblem(reading.Faults);
            if (reading.Change(world.Rules).Count > LogLimits.MostRules)
                return Problems.Of(StatusCodes.Status409Conflict, $"There would be more than {LogLimits.MostRules} rules; remove some.");
            if (!preview.TryTake())
                return new RetryLater(TimeSpan.FromSeconds(5), "Another preview runs; try again when it is done.",
                    StatusCodes.Status429TooManyRequests);
            try
            {
                var summary = new PreviewSummary(MostExamples);
                await foreach (var list in preview.RunAsync(reading.Change, reading.From, reading.To, reading.Lists, http.RequestAborted))
                    summary.Add(list);
                return TypedResults.Ok(Response(reading, summary, world.Catalog));
            }
            finally
            {
                preview.GiveBack();
            }
        }
    }

    private static RulePreviewResponse Response(PreviewReading reading, PreviewSummary summary, ItemCatalog catalog)
    {
        return new RulePreviewResponse(
            reading.From, reading.To, summary.Lists, summary.Changed, Math.Round(summary.MeanDisplacement, 4),
            Items(summary.ComeIn(MostItems)), Items(summary.GoOut(MostItems)),
            [.. summary.Examples.Select(list => new PreviewedExample(
                list.RequestId, list.UserId, list.Scenario, Ids(list.Before), Ids(list.After)))]);

        PreviewedItem[] Items(IReadOnlyList<(int Item, int Lists)> counted) =>
            [.. counted.Select(each => new PreviewedItem(catalog.IdOf(each.Item), catalog.TitleOf(each.Item), each.Lists))];

        string[] Ids(IReadOnlyList<int> items) => [.. items.Select(catalog.IdOf)];
    }
}
