using Microsoft.AspNetCore.Http.Features;

namespace RecSys.Api.Hosting.Requests;

/// <summary>
/// Checks the query string of every route before its handler: a route that names no parameters has none. What the handler needs it takes
/// from
/// <see cref="Query"/>, which has been checked for names, repetition and encoding; the meaning of the values is the handler's business.
/// </summary>
internal static class QueryRules
{
    /// <summary>Names the parameters that a route knows; without it the route refuses all.</summary>
    public static T AcceptsQuery<T>(this T route, params string[] names)
        where T : IEndpointConventionBuilder => route.WithMetadata(new AcceptedQuery(names));

    /// <summary>The request's parameters.</summary>
    public static QueryParameters Query(this HttpContext http) => http.Features.Get<QueryParameters>()
        ?? throw new InvalidOperationException("The query was not read; UseQueryRules belongs behind routing and authorisation.");

    /// <summary>
    /// Reads and checks the query string; stands behind authorisation, so that nobody learns a route's parameters without a right to it.
    /// </summary>
    public static void UseQueryRules(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        // Routing's own answers, such as 405, are endpoints too.
        if (http.GetEndpoint() is not RouteEndpoint endpoint) return next(http);
        var query = QueryParameters.Read(http.Request.QueryString.Value, endpoint.Metadata.GetMetadata<AcceptedQuery>()?.Names ?? []);
        if (!query.AreValid) return Problems.BadRequest(query.Errors).ExecuteAsync(http);
        http.Features.Set(query);
        return next(http);
    });

    /// <summary>True unless the path has an escape that cannot be decoded; the server leaves such ones as they are.</summary>
    public static bool PathIsSound(HttpContext http)
    {
        var target = (http.Features.Get<IHttpRequestFeature>()?.RawTarget).AsSpan();
        var end = target.IndexOf('?');
        if (end >= 0) target = target[..end];
        return !target.Contains('%') || PercentEncoding.Decode(target, plusIsSpace: false, out _) is not null;
    }
}
