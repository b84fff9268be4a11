using AlertResponder.Gateway;
using AlertResponder.Notification.Page;
using Microsoft.Extensions.Options;

namespace AlertResponder.Host.Callers;

/// <summary>Who may see incidents without a session of the page: whoever has <c>Page:Token</c>, and has not tried wrong ones before.</summary>
internal sealed class PageGuard(IOptions<PageOptions> options, FailedTries tries)
{
    /// <summary>The refusal; null when the caller may.</summary>
    public IResult? Refuse(HttpContext context)
    {
        var token = options.Value.Token;
        var refusal = CallerAuthorization.Refusal(context, token, "Page:Token");

        // What a proxy in between adds for itself, such as a password of its own, is no try.
        if (token is { Length: > 0 } && CallerAuthorization.BearerToken(context) is { } given && !tries.Take(context, given, isRight: refusal is null))
        {
            return Results.Problem("Too many wrong tokens came from this address. Try again in a minute.", statusCode: StatusCodes.Status429TooManyRequests);
        }

        return refusal is null ? null : Results.Problem(refusal.Reason, statusCode: refusal.StatusCode);
    }
}
