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
        var isTry = token is { Length: > 0 } && context.Request.Headers.Authorization.Count > 0;
        if (isTry && tries.Wait(context) is not null)
        {
            return Results.Problem("Too many wrong tokens came from this address. Try again in a minute.", statusCode: StatusCodes.Status429TooManyRequests);
        }

        if (CallerAuthorization.Refusal(context, token, "Page:Token") is not { } refusal)
        {
            return null;
        }

        if (isTry)
        {
            tries.Add(context);
        }

        return Results.Problem(refusal.Reason, statusCode: refusal.StatusCode);
    }
}
