using AlertResponder.Resilience.Failures;

namespace AlertResponder.Resilience;

/// <summary>The policy of each upstream: the table of the design, in one place.</summary>
internal static class UpstreamPolicies
{
    public static readonly UpstreamPolicy Bedrock =
        new(UpstreamNames.Bedrock, TimeSpan.FromSeconds(20), Retries: 3, BedrockFailures.Sort);

    public static readonly UpstreamPolicy Kubernetes =
        new(UpstreamNames.Kubernetes, TimeSpan.FromSeconds(5), Retries: 3, KubernetesFailures.Sort);

    public static readonly UpstreamPolicy Slack =
        new(UpstreamNames.Slack, TimeSpan.FromSeconds(10), Retries: 3, SlackFailures.Sort, PausesForRetryAfter: true);

    public static readonly UpstreamPolicy Alertmanager =
        new(UpstreamNames.Alertmanager, TimeSpan.FromSeconds(5), Retries: 2, AlertmanagerFailures.Sort);

    // All its alerts in a storm are tens of megabytes; what fails is asked again by the next comparison.
    public static readonly UpstreamPolicy AlertmanagerListings =
        new(UpstreamNames.AlertmanagerListings, TimeSpan.FromSeconds(15), Retries: 1, AlertmanagerFailures.Sort);
}
