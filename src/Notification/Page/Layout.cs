using Microsoft.AspNetCore.Html;

namespace AlertResponder.Notification.Page;

/// <summary>What all pages have around them.</summary>
internal static class Layout
{
    /// <param name="title">Text.</param>
    /// <param name="events">Where the page's changes are told; null for a page that does not change.</param>
    /// <param name="content">Its main part; elements with <c>data-live</c> are replaced when they change.</param>
    public static IHtmlContent Page(string title, string? events, IHtmlContent content) => Html.Of(
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{title}</title>
        <link rel="icon" type="image/svg+xml" href="/page.svg">
        <link rel="stylesheet" href="/page.css">
        <script src="/page.js" defer></script>
        </head>
        <body>
        <header class="top"><a class="brand" href="/"><img src="/page.svg" alt="" width="24" height="24"> Alert Responder</a>{(events is null ? Html.Nothing : Html.Of($"<p id=\"live\" role=\"status\" data-events=\"{events}\"></p>"))}</header>
        <main>
        {content}
        </main>
        </body>
        </html>
        """);
}
