using Microsoft.AspNetCore.Html;

namespace AlertResponder.Notification.Page;

/// <summary>Asks for <c>Page:Token</c>, which a browser cannot send as a header.</summary>
internal static class LoginPage
{
    public static IHtmlContent Render(string? refusal) => Layout.Page("Sign in", events: null, Html.Of(
        $"""
        <h1>Sign in</h1>
        <form class="card login" method="post" action="/login">
        {(refusal is not null ? Html.Of($"<p role=\"alert\">{refusal}</p>") : Html.Nothing)}
        <label for="token">The token of this page (<code>Page:Token</code>)</label>
        <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
        <button type="submit">Sign in</button>
        </form>
        """));
}
