using System.Globalization;

namespace AlertResponder.Simulators.Traffic;

/// <summary>
/// One way in which a call goes wrong. What a service says in its own words (Kubernetes' Status, Slack's <c>ok: false</c>, AWS's
/// exceptions) is made by <c>ClusterFaults</c>, <c>SlackFaults</c> and <c>BedrockFaults</c>.
/// </summary>
public sealed record Fault
{
    private Fault(FaultKind kind, Answer? answer = null) => (Kind, Answer) = (kind, answer);

    internal FaultKind Kind { get; }

    internal Answer? Answer { get; }

    /// <summary>No answer until the caller gives up (or the simulator is disposed of).</summary>
    public static Fault Hang { get; } = new(FaultKind.Hang);

    /// <summary>The connection is cut before the service did anything.</summary>
    public static Fault Cut { get; } = new(FaultKind.Cut);

    /// <summary>The service does what is asked, and the connection is cut before the caller hears of it.</summary>
    public static Fault LostAnswer { get; } = new(FaultKind.LostAnswer);

    /// <summary>The service does what is asked; its answer ends after half of the body, with the connection.</summary>
    public static Fault HalfAnswer { get; } = new(FaultKind.HalfAnswer);

    /// <summary>Status 200 with JSON that is not JSON.</summary>
    public static Fault Malformed { get; } = Status(200, "{\"ok\":tru");

    /// <summary>An answer with this status, whatever was asked.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="body">As sent; may be empty.</param>
    /// <param name="contentType">Of the body.</param>
    /// <param name="retryAfter">Sent as <c>Retry-After</c> in whole seconds; none without.</param>
    /// <param name="headers">Further headers.</param>
    public static Fault Status(
        int status,
        string body = "",
        string contentType = "application/json",
        TimeSpan? retryAfter = null,
        IReadOnlyDictionary<string, string>? headers = null)
    {
        var all = new Dictionary<string, string>(headers ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase);
        if (retryAfter is { } wait)
            all["Retry-After"] = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return From(Traffic.Answer.Text(status, body, contentType) with { Headers = all });
    }

    internal static Fault From(Answer answer) => new(FaultKind.Answer, answer);
}

internal enum FaultKind
{
    Answer,
    Hang,
    Cut,
    LostAnswer,
    HalfAnswer,
}
