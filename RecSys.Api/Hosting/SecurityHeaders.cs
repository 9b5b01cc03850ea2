namespace RecSys.Api.Hosting;

/// <summary>
/// Headers of every reply: unless it says otherwise, nothing of it is a page or may be kept by caches; nothing may be framed or guessed at.
/// </summary>
internal static class SecurityHeaders
{
    public static void UseSecurityHeaders(this IApplicationBuilder app)
    {
        var readiness = app.ApplicationServices.GetRequiredService<Readiness>();
        app.Use((http, next) =>
        {
            // When the reply begins, because a handled exception empties the headers.
            http.Response.OnStarting(static state =>
            {
                var (response, readiness) = ((HttpResponse, Readiness))state;
                var headers = response.Headers;
                headers.XContentTypeOptions = "nosniff";
                if (headers.ContentSecurityPolicy.Count == 0)
                    headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
                headers["Referrer-Policy"] = "no-referrer";
                if (headers.CacheControl.Count == 0) headers.CacheControl = "private, no-store";
                // While the server drains, clients shall find another one instead of reusing this connection.
                if (readiness.IsStopping) headers.Connection = "close";
                return Task.CompletedTask;
            }, (http.Response, readiness));
            return next(http);
        });
    }
}
