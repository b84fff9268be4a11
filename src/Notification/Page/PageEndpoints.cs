using System.Text.Encodings.Web;
using AlertResponder.Incidents;
using AlertResponder.Notification.Slack;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AlertResponder.Notification.Page;

/// <summary>The local page: <c>/</c>, <c>/incidents/{id}</c>, their events, and the way in.</summary>
public static class PageEndpoints
{
    private const int MaxLoginBytes = 4096;

    /// <summary>Maps the page.</summary>
    /// <param name="app">The application.</param>
    /// <param name="token"><c>Page:Token</c>; null when there is none, then there is no way to sign in.</param>
    /// <param name="proposes">Whether remediation is on: otherwise no incident waits for proposals.</param>
    /// <param name="refuse">Answers a caller who may not see incidents; null when they may. A session of the page's own goes before it.</param>
    public static void MapPage(this IEndpointRouteBuilder app, string? token, bool proposes, Func<HttpContext, IResult?> refuse)
    {
        ArgumentNullException.ThrowIfNull(app);
        var access = new PageAccess(token, refuse, app.ServiceProvider.GetRequiredService<TimeProvider>());
        var pages = app.MapGroup("").AddEndpointFilter(SecureAsync);
        pages.MapGet("/page.css", () => Asset("page.css", "text/css"));
        pages.MapGet("/page.js", () => Asset("page.js", "text/javascript"));
        pages.MapGet("/page.svg", () => Asset("page.svg", "image/svg+xml"));
        if (access.HasToken)
        {
            pages.MapGet("/login", () => Markup(LoginPage.Render(refusal: null)));
            pages.MapPost("/login", (HttpContext context, FailedTries tries, CancellationToken cancellationToken) => SignInAsync(context, access, tries, cancellationToken));
        }

        var incidents = pages.MapGroup("").AddEndpointFilter(access.FilterAsync);
        var channels = app.ServiceProvider.GetService<SlackChannels>();
        incidents.MapGet("/", async (string? after, IncidentsContext store, [FromKeyedServices(StoreTime.Key)] TimeProvider time, CancellationToken cancellationToken) => Markup(ListPage.Render(
            await IncidentList.ReadAsync(store, after, cancellationToken),
            await store.ReadRefusalsAsync(time.GetUtcNow() - ListPage.RefusalsShownFor, ListPage.MostRefusals, cancellationToken),
            channels?.Alarm)));
        incidents.MapGet("/incidents/{id:guid}", async (Guid id, IncidentsContext store, [FromKeyedServices(StoreTime.Key)] TimeProvider time, CancellationToken cancellationToken) =>
            await store.ReadSnapshotAsync(id, cancellationToken) is { } incident
                ? Markup(IncidentPage.Render(incident, await store.ReadNextStepAsync(id, time.GetUtcNow(), proposes, cancellationToken)))
                : Results.NotFound());
        incidents.MapGet("/events", (HttpContext context, ChangeFeed feed, IHostApplicationLifetime lifetime) => TellAsync(context, feed, lifetime, null));
        incidents.MapGet("/incidents/{id:guid}/events", (Guid id, HttpContext context, ChangeFeed feed, IHostApplicationLifetime lifetime) =>
            TellAsync(context, feed, lifetime, id));
    }

    private static ValueTask<object?> SecureAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var headers = invocation.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        return next(invocation);
    }

    private static IResult Asset(string name, string type) =>
        Results.Stream(typeof(PageEndpoints).Assembly.GetManifestResourceStream(name)!, $"{type}; charset=utf-8");

    private static IResult Markup(IHtmlContent content, int statusCode = StatusCodes.Status200OK)
    {
        using var text = new StringWriter();
        content.WriteTo(text, HtmlEncoder.Default);
        return Results.Text(text.ToString(), "text/html; charset=utf-8", statusCode: statusCode);
    }

    private static async Task<IResult> SignInAsync(HttpContext context, PageAccess access, FailedTries tries, CancellationToken cancellationToken)
    {
        // Another site's page could lock out whoever looks at it. Browsers say so of every call, others of none.
        if (context.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MaxLoginBytes;
        if (!context.Request.HasFormContentType)
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var given = form["token"].ToString();
        var isRight = access.IsToken(given);
        if (!tries.Take(context, given, isRight))
            return Markup(LoginPage.Render("Too many wrong tokens came from your address. Try again in a minute."), StatusCodes.Status429TooManyRequests);
        if (!isRight)
            return Markup(LoginPage.Render("That is not the token."), StatusCodes.Status401Unauthorized);
        access.SignIn(context);
        return Results.LocalRedirect("/");
    }

    // By server-sent events: "look again", and a comment now and then, by which both sides notice a connection that is none any more.
    private static async Task<IResult> TellAsync(HttpContext context, ChangeFeed feed, IHostApplicationLifetime lifetime, Guid? incidentId)
    {
        using var listener = feed.Listen(incidentId);
        if (listener is null)
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.ContentType = "text/event-stream";
        try
        {
            await SendAsync("retry: 2000\n\n");
            await foreach (var news in listener.ReadAsync(ended.Token))
                await SendAsync(news ? "data: changed\n\n" : ": still here\n\n");
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The page was closed, or this process ends.
        }

        return Results.Empty;

        async Task SendAsync(string text)
        {
            await context.Response.WriteAsync(text, ended.Token);
            await context.Response.Body.FlushAsync(ended.Token);
        }
    }
}
