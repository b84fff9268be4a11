using System.Text.RegularExpressions;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules;

/// <summary>An image cannot be pulled: which of the known reasons, by what the kubelet and the registry say.</summary>
internal static partial class ImagePull
{
    public const string Name = "image-pull";

    private static readonly (Regex Pattern, string Why, string Advice)[] Reasons =
    [
        (RateLimit(), "the registry's pull rate limit is reached", "Wait, or pull with an account or through a mirror."),
        (Platform(), OtherArchitecture, "Build it for that architecture or pin the pod to matching nodes."),
        (Access(), "the registry refuses access", "Check imagePullSecrets, and that the repository exists: registries answer both alike."),
        (Trust(), "the registry's certificate is not accepted", "The node does not trust the registry's certificate."),
        (Resolution(), "the registry's name does not resolve", "Check the registry's name and the node's DNS."),
        (Unreachable(), "the registry cannot be reached", "Check name resolution, network and the registry itself, from the node."),
        (NotFound(), "no such image or tag", "Check the tag; was it pushed?"),
    ];

    public static bool Applies(ContainerState container) => container.IsWaiting
        && container.Reason is "ErrImagePull" or "ImagePullBackOff" or "InvalidImageName" or "ErrImageNeverPull" or "RegistryUnavailable" or "ImageInspectError";

    public static IEnumerable<Verdict> Check(CaseFile file) =>
        Group.Of(file, Applies, container => container.Image).Select(group => Verdict(file, group));

    private static Verdict Verdict(CaseFile file, Group group)
    {
        var container = group.Worst;
        var events = group.Members
            .SelectMany(member => file.EventsOf(member.Evidence.Source.Namespace, member.Pod))
            .Where(item => item.Text.Contains("pull", StringComparison.OrdinalIgnoreCase) || item.Text.Contains("image", StringComparison.OrdinalIgnoreCase))
            .ToArray();
        var image = container.Image ?? "its image";
        var (why, advice, shown) = Why(container, events);
        string[] ids = shown is null ? [.. group.CitedIds] : [.. group.CitedIds, shown.Id];

        return new Verdict(
            Name,
            Wording.Cause(
                $"{container.Label} cannot start{group.InPods}: {why}: {image}",
                $"{container.Name} cannot start: {why}: {image}",
                $"{container.Name} cannot start: {why}: {ShortImage(image)}",
                $"{container.Name} cannot start: {why}"),
            $"{image} cannot be pulled for {container.Label}: {why} ({container.Reason}). {advice}",
            $"{group.Where}: {container.Label} is in {container.Reason} for {image}: {why}.",
            group.Severity(file),
            advice == Unclear ? Confidence.Medium : Confidence.High,
            ids,
            [
                .. new[]
                {
                    why == OtherArchitecture ? Actions.PinArchitecture(file, file.NodeOf(container), container.Id) : null,
                    Actions.RollBackWorkload(file, group),
                    Actions.ViewEvents(container.Evidence.Source, ids),
                    Actions.Describe(container.Evidence.Source, container.Id),
                }.OfType<SuggestedAction>(),
            ])
        {
            IsAlerted = group.Members.Any(file.IsAlerted),
            MayComeOfChange = true,
            Marks = ["image", "pull", "registry", "tag"],
        };
    }

    private const string OtherArchitecture = "the image is not built for the node's architecture";

    private const string Unclear = "Its events tell more.";

    /// <summary>Why, what to do about it, and the event that showed it (null when the container's own message did).</summary>
    private static (string Why, string Advice, Evidence? Shown) Why(ContainerState container, IReadOnlyList<Evidence> events)
    {
        switch (container.Reason)
        {
            case "InvalidImageName":
                return ("the image name is not valid", "Correct the image name.", null);
            case "ErrImageNeverPull":
                return ("the image is not on the node and imagePullPolicy is Never", "Load it onto the node or change imagePullPolicy.", null);
        }

        // The image's own name must not be taken for the registry's answer: tags like 401 or paths like not-found exist.
        string WithoutImage(string text) => container.Image is { } image ? text.Replace(image, "", StringComparison.Ordinal) : text;
        var own = WithoutImage(container.Message ?? "");
        foreach (var (pattern, why, advice) in Reasons)
        {
            if (pattern.IsMatch(own))
                return (why, advice, null);
        }

        foreach (var (pattern, why, advice) in Reasons)
        {
            if (events.FirstOrDefault(item => pattern.IsMatch(WithoutImage(item.Said()))) is { } shown)
                return (why, advice, shown);
        }

        return ("the image cannot be pulled", Unclear, null);
    }

    private static string ShortImage(string image) => image.LastIndexOf('/') is > 0 and var slash ? "…" + image[slash..] : image;

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase;

    [GeneratedRegex(@"toomanyrequests|rate limit|\b429\b", Options, 1000)]
    private static partial Regex RateLimit();

    [GeneratedRegex("no match for platform|no matching manifest for|does not match the specified platform", Options, 1000)]
    private static partial Regex Platform();

    [GeneratedRegex(@"unauthorized|\bdenied\b|forbidden|authentication required|authorization failed|no basic auth|\b40[13]\b|insufficient_scope|may require authorization", Options, 1000)]
    private static partial Regex Access();

    [GeneratedRegex(@"x509|certificate|server gave HTTP response to HTTPS client", Options, 1000)]
    private static partial Regex Trust();

    [GeneratedRegex("no such host|server misbehaving|Temporary failure in name resolution", Options, 1000)]
    private static partial Regex Resolution();

    [GeneratedRegex(@"dial tcp|i/o timeout|connection refused|TLS handshake timeout|network is unreachable|no route to host|deadline exceeded|connection reset|\b50[0234]\b", Options, 1000)]
    private static partial Regex Unreachable();

    [GeneratedRegex(@"manifest unknown|not found|NotFound|no such manifest|\b404\b|name unknown", Options, 1000)]
    private static partial Regex NotFound();
}
