using System.Text;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Cluster.Api;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Cluster;

/// <summary>Failures of an API server, to be planned with <see cref="Simulator.Faults"/>.</summary>
public static class ClusterFaults
{
    /// <summary>429 of an overloaded API server, with <c>Retry-After</c> in header and body.</summary>
    /// <param name="retryAfter">In whole seconds, as the API server says it.</param>
    public static Fault TooManyRequests(TimeSpan retryAfter)
    {
        var status = Status.Failure(
            429,
            "TooManyRequests",
            "the server has received too many requests and has asked us to try again later",
            new JsonObject { ["retryAfterSeconds"] = (int)Math.Ceiling(retryAfter.TotalSeconds) });
        return Fault.Status(status.Status, Encoding.UTF8.GetString(status.Content.Span), retryAfter: retryAfter);
    }

    /// <summary>500 of an API server that lost its store.</summary>
    public static Fault InternalError() =>
        Fault.From(Status.Failure(500, "InternalError", "Internal error occurred: etcdserver: request timed out", new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject { ["message"] = "etcdserver: request timed out" }),
        }));

    /// <summary>503: the API server is starting or shutting down.</summary>
    public static Fault Unavailable() =>
        Fault.From(Status.Failure(503, "ServiceUnavailable", "the server is currently unable to handle the request"));

    /// <summary>410: a list took so long that its continue token is void; the caller must start over.</summary>
    public static Fault ContinueExpired() =>
        Fault.From(Status.Failure(410, "Expired", "The provided continue parameter is too old to display a consistent list result."));
}
