using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AlertResponder.Analysis.Rules;
using AlertResponder.Contracts;

namespace AlertResponder.Analysis.Check;

/// <summary>Everything that was seen, as text: what a claim of the model may name, count and quote.</summary>
internal sealed partial class Grounding
{
    /// <summary>Products that a model likes to blame; plain words otherwise, so they are listed.</summary>
    private static readonly FrozenSet<string> Products = new[]
    {
        "postgres", "postgresql", "mysql", "mariadb", "redis", "valkey", "mongodb", "mongo", "kafka", "rabbitmq", "nats", "elasticsearch",
        "opensearch", "memcached", "nginx", "traefik", "haproxy", "envoy", "istio", "linkerd", "cilium", "calico", "flannel", "coredns", "etcd",
        "longhorn", "ceph", "rook", "minio", "nfs", "vault", "consul", "keycloak", "grafana", "prometheus", "loki", "alertmanager", "harbor",
        "docker", "containerd", "proxmox", "systemd", "helm", "argocd", "flux", "cert-manager", "letsencrypt", "cloudflare", "aws", "azure",
        "java", "jvm", "python", "node.js", "nodejs", "golang", "rust", "ruby", "php", "dotnet",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Parts of compounds that are English, not names.</summary>
    private static readonly FrozenSet<string> CompoundParts = new[]
    {
        "a", "access", "all", "and", "app", "application", "auto", "back", "based", "bit", "bound", "built", "by", "clean", "cold", "container", "crash",
        "crashing", "cross", "day", "depth", "down", "end", "error", "ever", "exit", "fail", "failed", "failing", "fast", "fits", "follow",
        "free", "go", "grained", "growing", "hand", "healthy", "heavy", "high", "in", "init", "intensive", "is", "it", "kill", "killed", "known", "large",
        "level", "limit", "limits", "live", "long", "looping", "loop", "low", "main", "memory", "mid", "mis", "misconfigured", "multi", "near", "never", "new",
        "node", "non", "not", "of", "off", "old", "on", "one", "oom", "open", "or", "out", "over", "per", "pod", "point", "post", "pre", "process", "pull",
        "re", "read", "ready", "related", "restart", "restarts", "run", "running", "scheduled", "self", "service", "set", "short", "side", "single", "slow",
        "so", "source", "specific", "start", "state", "steady", "step", "sub", "tear", "term", "the", "third", "time", "to", "too", "trip", "two", "under",
        "unhealthy", "up", "use", "used", "user", "volume", "wide", "well", "working", "write", "zero",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Kubernetes' own terms and abbreviations that need no evidence.</summary>
    private static readonly FrozenSet<string> Terms = new[]
    {
        "k3s", "k8s", "kubectl", "kubelet", "CronJob", "CronJobs", "StatefulSet", "DaemonSet", "ReplicaSet", "ConfigMap", "PersistentVolume",
        "PersistentVolumeClaim", "StorageClass", "e.g", "i.e", "etc", "and/or", "I/O", "N/A", "OOMKiller",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly SearchValues<char> NameMarks = SearchValues.Create("_/:.@=");
    private static readonly char[] Separators = [' ', '\t', '\n', '\r', '(', ')', '[', ']', ',', ';', '"', '`', '“', '”'];

    private readonly string corpus;
    private readonly HashSet<(decimal Value, char Scale)> numbers;

    public Grounding(ContextEnriched context, RulesDiagnosis rules)
    {
        var text = new StringBuilder().Append(context.Subject).Append('\n');
        foreach (var item in context.Evidence)
        {
            text.Append(item.Id).Append('\n').Append(item.Source).Append('\n').Append(item.Text).Append('\n');
            foreach (var (name, value) in item.Facts)
                text.Append(name).Append(' ').Append(value).Append('\n');
        }

        foreach (var alert in context.Alerts)
        {
            foreach (var (name, value) in alert.Labels.Concat(alert.Annotations))
                text.Append(name).Append(' ').Append(value).Append('\n');
        }

        foreach (var unread in context.Unread)
            text.Append(unread.What).Append(' ').Append(unread.Reason).Append('\n');
        text.Append(rules.Diagnosis.Cause).Append('\n').Append(rules.Diagnosis.Explanation).Append('\n');
        foreach (var finding in rules.Diagnosis.Findings)
            text.Append(finding.Text).Append('\n');

        corpus = Wording.OneLine(text.ToString());
        numbers = [.. Numbers(corpus)];
    }

    /// <summary>The first name, number or quotation of <paramref name="claim"/> that was never seen; null when all were.</summary>
    public string? Foreign(string claim)
    {
        foreach (Match quote in Quotation().Matches(claim))
        {
            var quoted = Wording.OneLine(quote.Groups["text"].Value).TrimEnd('.', ',');
            var isSeen = quoted.StartsWith("kubectl ", StringComparison.Ordinal) ? KubectlCommand.IsReadOnly(quoted) : Has(quoted);
            if (!isSeen)
                return quoted;
        }

        foreach (var word in claim.Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            var token = Trimmed(word);
            if (token.Length > 0 && IsNameLike(token) && !IsMeasure().IsMatch(token) && !HasName(token))
                return token;
        }

        foreach (var number in Numbers(claim))
        {
            if (!numbers.Contains(number) && !(number.Scale == ' ' && numbers.Any(seen => seen.Value == number.Value)))
                return number.Value.ToString(CultureInfo.InvariantCulture);
        }

        return null;
    }

    /// <summary>Whether the evidence names it, as a whole.</summary>
    public bool HasName(string name)
    {
        if (Terms.Contains(name))
            return true;
        if (Clock().IsMatch(name))
            return Has(name);
        for (var at = corpus.IndexOf(name, StringComparison.OrdinalIgnoreCase); at >= 0; at = corpus.IndexOf(name, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + name.Length;
            if ((at == 0 || !char.IsLetterOrDigit(corpus[at - 1])) && (end == corpus.Length || !char.IsLetterOrDigit(corpus[end])))
                return true;
        }

        return false;
    }

    private bool Has(string text) => corpus.Contains(text, StringComparison.OrdinalIgnoreCase);

    private static string Trimmed(string word)
    {
        var token = word.Trim('.', ':', '!', '?', '\'', '*', '…', '-', '–', '—', '{', '}');
        return token.EndsWith("'s", StringComparison.Ordinal) || token.EndsWith("’s", StringComparison.Ordinal) ? token[..^2] : token;
    }

    private static bool IsNameLike(string token)
    {
        if (Products.Contains(token))
            return true;
        if (!token.Any(char.IsLetter))
            return Clock().IsMatch(token) || token.Count(character => character == '.') > 1;
        if (token.Any(char.IsDigit) || Camel().IsMatch(token) || token.AsSpan().ContainsAny(NameMarks))
            return true;
        return token.Contains('-', StringComparison.Ordinal) && !token.Split('-').All(CompoundParts.Contains);
    }

    private static IEnumerable<(decimal Value, char Scale)> Numbers(string text)
    {
        foreach (Match match in Number().Matches(Instant().Replace(text, " ")))
        {
            if (decimal.TryParse(match.Groups["value"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
                yield return (value, match.Groups["bytes"].Length > 0 ? char.ToUpperInvariant(match.Groups["bytes"].Value[0]) : ' ');
        }
    }

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex("[\"“](?<text>[^\"“”]{2,})[\"”]|`(?<text>[^`]{2,})`|(^|[\\s(])'(?<text>[^']{2,})'(?=[\\s.,;:)]|$)", Options, 1000)]
    private static partial Regex Quotation();

    [GeneratedRegex("[a-z][A-Z]|[A-Z]{2,}[a-rt-z]|[A-Z]{2,}s[a-z]", Options, 1000)]
    private static partial Regex Camel();

    [GeneratedRegex(@"^\d{1,2}:\d{2}(:\d{2})?Z?$", Options, 1000)]
    private static partial Regex Clock();

    /// <summary>Dates and times: their digits are no counts.</summary>
    [GeneratedRegex(@"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?|\b\d{1,2}:\d{2}(:\d{2})?Z?\b", Options, 1000)]
    private static partial Regex Instant();

    [GeneratedRegex(@"(?<![A-Za-z0-9.])(?<value>\d{1,18}(\.\d{1,9})?)(\s?(?<bytes>[KMGTkmgt])i?[Bb]?(ytes)?(?![A-Za-z0-9])|(?![0-9]))", Options, 1000)]
    private static partial Regex Number();

    /// <summary>A number with its unit is judged as a number.</summary>
    [GeneratedRegex(@"^[~<>=+-]*\d+(\.\d+)?(/\d+)?([KMGT]i?[Bb]?|%|m|ms|s|min|h|d|x|st|nd|rd|th)?$", Options | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex IsMeasure();
}
