using System.Globalization;
using System.Text.RegularExpressions;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Rules.Pods;

/// <summary>An image cannot be pulled: which of the known reasons, by what the kubelet and the registry say.</summary>
internal static partial class ImagePull
{
    public const string Name = "image-pull";

    private static readonly (Regex Pattern, string Why, string Advice)[] Reasons =
    [
        (RateLimit(), "the pull rate limit of {0} is reached", "Wait, or pull with an account or through a mirror."),
        (Platform(), OtherArchitecture, "Build it for that architecture or pin the pod to matching nodes."),
        (Access(), "{0} refuses access", "Check imagePullSecrets, and that the repository exists: registries answer both alike."),
        (Trust(), "the certificate of {0} is not accepted", "The node does not trust the registry's certificate."),
        (Resolution(), "the name {0} does not resolve", "Check the registry's name and the node's DNS."),
        (Unreachable(), "{0} cannot be reached", "Check name resolution, network and the registry itself, from the node."),
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
        var (pattern, advice, shown) = Why(container, events);
        var isOther = pattern == OtherArchitecture;
        var node = file.NodeOf(container);
        var why = isOther && node?.Evidence.Fact(FactNames.Architecture) is { } architecture
            ? $"the image is not built for {architecture}, the architecture of node {node.Name}"
            : string.Format(CultureInfo.InvariantCulture, pattern, Registry(image));
        var said = Said(shown?.Said() ?? container.Message, image);
        string[] ids = shown is null ? [.. group.CitedIds] : [.. group.CitedIds, shown.Id];

        return new Verdict(
            Name,
            Wording.Cause(
                $"{container.Label} cannot start{group.InPods}: {why}: {image}",
                $"{container.Name} cannot start: {why}: {image}",
                $"{container.Name} cannot start: {why}: {ShortImage(image)}",
                $"{container.Name} cannot start: {why}"),
            $"{image} cannot be pulled for {container.Label}: {why} ({container.Reason}).{(said is null ? "" : $" The kubelet says: \"{said}\".")} {advice}",
            $"{group.WhereOnNode}: {container.Label} is in {container.Reason} for {image}: {why}.",
            group.Severity(file),
            advice == Unclear ? Confidence.Medium : Confidence.High,
            ids,
            [
                .. new[]
                {
                    isOther ? Actions.PinArchitecture(file, node, container.Id) : null,
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

    /// <summary>Who keeps the image, as its name says.</summary>
    private static string Registry(string image) =>
        image.Split('/') is [var first, _, ..] && (first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal) || first == "localhost") && first != "docker.io"
            ? first
            : "Docker Hub";

    /// <summary>The end of the kubelet's message: what the registry answered; null where it says no more than that it waits.</summary>
    private static string? Said(string? message, string image)
    {
        if (message is null || (message.StartsWith("Back-off pulling image", StringComparison.Ordinal) && !message.Contains("\": ", StringComparison.Ordinal)))
            return null;
        var line = Wording.OneLine(message).Trim().TrimEnd('.');
        var parts = line.Split(": ");
        var end = parts[^1];
        for (var i = parts.Length - 2; i >= 0 && end.Length < 60 && !parts[i].Contains(image, StringComparison.Ordinal); i--)
            end = $"{parts[i]}: {end}";
        return Wording.CutMiddle(end, 160);
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
