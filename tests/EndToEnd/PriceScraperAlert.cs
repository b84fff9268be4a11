namespace AlertResponder.Tests.EndToEnd;

/// <summary>The alert of the price-scraper's story, as kube-prometheus-stack fires it.</summary>
internal static class PriceScraperAlert
{
    public static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal)
    {
        ["alertname"] = "KubePodCrashLooping",
        ["container"] = "scraper",
        ["job"] = "kube-state-metrics",
        ["namespace"] = "cardboard",
        ["pod"] = "price-scraper-28487520-2n78x",
        ["reason"] = "CrashLoopBackOff",
        ["severity"] = "warning",
    };

    public static readonly Dictionary<string, string> Annotations = new(StringComparer.Ordinal)
    {
        ["summary"] = "Pod is crash looping.",
        ["description"] = "Pod cardboard/price-scraper-28487520-2n78x (scraper) is in waiting state (reason: \"CrashLoopBackOff\").",
        ["runbook_url"] = "https://runbooks.prometheus-operator.dev/runbooks/kubernetes/kubepodcrashlooping",
    };

    /// <summary>A recorded webhook of that alert, about the story's pod.</summary>
    public static string Webhook { get; } =
        Payloads.Read("firing-single.json").Replace("price-scraper-28487520-abc12", "price-scraper-28487520-2n78x", StringComparison.Ordinal);
}
