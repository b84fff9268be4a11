using System.Globalization;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Slack;

/// <summary>Slack answers 200 whatever it thinks of the call, and says in the body what that is; only its rate limit is a status.</summary>
internal static class SlackAnswers
{
    private const string ContentType = "application/json; charset=utf-8";

    public static Answer Ok(JsonObject body)
    {
        body.Insert(0, "ok", true);
        return Answer.Json(200, body, ContentType);
    }

    public static Answer Error(string code, params IReadOnlyList<string> details)
    {
        var body = new JsonObject { ["ok"] = false, ["error"] = code };
        if (details.Count > 0)
        {
            body["errors"] = new JsonArray([.. details]);
            body["response_metadata"] = new JsonObject { ["messages"] = new JsonArray([.. details.Select(detail => $"[ERROR] {detail}")]) };
        }

        return Answer.Json(200, body, ContentType);
    }

    /// <summary>An error that a correct client would not have caused.</summary>
    public static Answer Mistake(string code, params IReadOnlyList<string> details) =>
        Error(code, details) with { Unexpected = details.Count > 0 ? $"{code}: {string.Join("; ", details)}" : code };

    public static Answer RateLimited(TimeSpan retryAfter) =>
        Answer.Json(429, new JsonObject { ["ok"] = false, ["error"] = "ratelimited" }, ContentType) with
        {
            Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["Retry-After"] = Math.Max(1, Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture),
            },
        };
}

/// <summary>Failures of Slack, to be planned with <see cref="Simulator.Faults"/>.</summary>
public static class SlackFaults
{
    /// <summary>Status 200 with <c>ok: false</c>.</summary>
    /// <param name="code">For instance <c>internal_error</c> or <c>is_archived</c>.</param>
    public static Fault Error(string code) => Fault.From(SlackAnswers.Error(code));

    /// <summary>Status 429, <c>ratelimited</c>.</summary>
    /// <param name="retryAfter">Sent in whole seconds, at least one.</param>
    public static Fault RateLimited(TimeSpan retryAfter) => Fault.From(SlackAnswers.RateLimited(retryAfter));
}
