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
        "PersistentVolumeClaim", "StorageClass", "e.g", "i.e", "etc", "and/or", "I/O", "N/A", "OOMKiller", "HTTPS", "SIGKILL", "SIGTERM", "SIGSEGV",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Words beside the name of a kind that are no names: <c>the failing pod</c>, <c>the node that</c>.</summary>
    private static readonly FrozenSet<string> Plain = (
        "a about above access account accounts across actual affected affinity after again against all allocatable allocated allocation allowed "
        + "almost alone already also although always an and annotation another any api app application applied architecture are as at attach attached "
        + "attempt attempts available average away back bad based be became because become been before began begin behind being below between big bind "
        + "binding both bound broken build built busy but by cache called came can cannot capacity cause caused causes causing certificate change "
        + "changed changes check checks claim class classes clean cluster clusters code command condition conditions config configuration configured "
        + "connect connected connection connections consumed container containers contains content control controller cordoned correct could count cpu "
        + "crash crashed crashes crashing create created creates creating creation critical current currently cycle daemon data dead default defined "
        + "degraded deleted dependency dependent deployed description despite detached detected did different directory disappeared disk dns do does "
        + "down drain drained due during each either elsewhere empty enabled end ended endpoint endpoints ends enough entire entrypoint ephemeral error "
        + "errors even event events eventually every evicted exact exceed exceeded exceeding exceeds except exhausted exist existing exists exit exited "
        + "exits expected expired external fail failed failing fails failure failures faulty file files filled filling filter final finally find finish "
        + "finished first fit for found from full further gave get gets getting give given gives goes gone got grew group grow growing grows had half "
        + "hand hang hangs happened has have having health healthy heap heavy held high higher hit hits hold holds host hosts hung identical if image "
        + "images immediately in include incorrect indicates init inside instance instances instead insufficient intended internal into invalid is "
        + "issue it item its itself job jobs just keep keeps kept kernel key kill killed kills kind known kubernetes label labels lack lacking lacks "
        + "large last latest layer least leaves left less level like likely limit limited limits list load loaded local locked log logged logs long "
        + "longer looks loop loops lost low lower main make makes manager many marked match matching maximum may mean meaning means memory message "
        + "metadata minimum misconfigured missing mode more most mount mounted mounts much multiple must name named names needed needing needs neither "
        + "network never new newest next no node nodes non none nor normal not nothing now number object objects of off old older oldest on once one "
        + "only open operation or order original other others out over overloaded own owner part partial peak pending per period permanently permission "
        + "pod pods point policies policy pool port possible present pressure prevent prevented prevents previous prior probably probe probes process "
        + "processes properly provisioned pull pulled pulling pulls quickly quota quotas ran range rate reach reached reaches read ready reason "
        + "received recent recently recreated reference referenced referencing refers refused refuses registry rejected rejects remain remained remains "
        + "removed repeated repeatedly replica replicas replicaset reported reports request requested requesting requests require required requires "
        + "resolve resource resources respond responding responds response rest restart restarted restarting restarts result resulting return returned "
        + "returns revision role rollout rollouts root run running runs runtime same saw say says schedule scheduled scheduler schedules scheduling "
        + "second secret section see seems seen selector selectors sent serve server servers serves service services serving set sets several shared "
        + "should show showed shown shows shut shutdown sick side signal signaled similar simply since single size slow small so some soon source space "
        + "spec specific specification specified stale start started starting starts startup state stateful status stay stayed stays step still stop "
        + "stopped stopping stops storage stuck subject such sudden suddenly supports system tag taint tainted taints take taken takes target task "
        + "tells template terminate terminated terminates termination than that the their them then there therefore these they thing things third this "
        + "those though threads throttled throttling through thus time timed timeout timeouts times to together toleration tolerations too took total "
        + "traffic tried tries true try trying type unable unavailable under underlying unhealthy unit unknown unreachable unready unschedulable until "
        + "unused up update updated upon upper usage use used user uses using usual value values variable variables version very via volume volumes "
        + "wait waited waiting waits want wants was way we well went were what when where which while who whole whose why will with within without word "
        + "work worked worker workers working workload workloads works worse would write writes written wrong yet zero"
        ).Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly SearchValues<char> NameMarks = SearchValues.Create("_/:.@=");
    private static readonly char[] Separators = [' ', '\t', '\n', '\r', '(', ')', '[', ']', ',', ';', '"', '`', '“', '”', '„', '«', '»'];

    private readonly string corpus;
    private readonly HashSet<Quantity> quantities;
    private readonly HashSet<string> objects = new(StringComparer.OrdinalIgnoreCase);

    public Grounding(ContextEnriched context, RulesDiagnosis rules)
    {
        var text = new StringBuilder().Append(context.Subject).Append('\n');
        AddObject(context.Subject.Kind, context.Subject.Namespace, context.Subject.Name);
        foreach (var item in context.Evidence)
        {
            text.Append(item.Id).Append('\n').Append(item.Source).Append('\n').Append(item.Text).Append('\n');
            AddObject(item.Source.Kind, item.Source.Namespace, item.Source.Name, item.Source.Container);
            foreach (var (name, value) in item.Facts)
            {
                text.Append(name).Append(' ').Append(value).Append('\n');
                if (IsObjectFact(name))
                    AddObject(value.Split(','));
            }
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

        corpus = Normal(text.ToString());
        quantities = Quantities.AllIn(corpus);
    }

    /// <summary>
    /// A text as it is compared and shown: one line, in composed form, wide and styled letters as plain ones, without characters that
    /// cannot be seen.
    /// </summary>
    public static string Normal(string text)
    {
        var seen = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned))
                seen.Append(rune);
        }

        return Wording.OneLine(seen.ToString().Normalize(NormalizationForm.FormKC));
    }

    /// <summary>The first name, number or quotation of <paramref name="claim"/> that was never seen, and what it is; null when all were.</summary>
    public ForeignClaim? Foreign(string claim)
    {
        foreach (Match quote in Quotation().Matches(claim))
        {
            var quoted = Wording.OneLine(quote.Groups["text"].Value).TrimEnd('.', ',');
            if (!Has(quoted))
                return new ForeignClaim("quotation", quoted);
        }

        foreach (var word in claim.Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            var token = Trimmed(word);
            if (token.Length > 0 && IsNameLike(token) && !IsMeasure().IsMatch(token) && !HasName(token))
                return new ForeignClaim("name", token);
        }

        foreach (Match match in BesideAKind().Matches(claim))
        {
            var name = match.Groups["name"].Value;
            if (!Plain.Contains(name) && !CompoundParts.Contains(name) && !HasName(name))
                return new ForeignClaim("name", name);
        }

        foreach (var readings in Quantities.In(claim))
        {
            if (!readings.Any(reading => Quantities.IsSeen(reading, quantities)))
                return new ForeignClaim("number", readings[0].Raw.ToString(CultureInfo.InvariantCulture));
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

    /// <summary>Whether it is an object that was read, or one that such an object refers to: a name in a log's or an alert's text is none.</summary>
    public bool IsObject(string name) => objects.Contains(name);

    private void AddObject(params ReadOnlySpan<string?> names)
    {
        foreach (var name in names)
        {
            if (name?.Trim() is { Length: > 0 } trimmed)
                objects.Add(trimmed);
        }
    }

    private static bool IsObjectFact(string name) =>
        name is FactNames.Node or FactNames.Claims or FactNames.ConfigMaps or FactNames.StorageClass or FactNames.VolumeName or FactNames.Issuer;

    private bool Has(string text) => corpus.Contains(text, StringComparison.OrdinalIgnoreCase);

    private static string Trimmed(string word)
    {
        var token = word.Trim('.', ':', '!', '?', '\'', '*', '…', '-', '–', '—', '{', '}', '’', '‘');
        return token.EndsWith("'s", StringComparison.Ordinal) || token.EndsWith("’s", StringComparison.Ordinal) ? token[..^2] : token;
    }

    private static bool IsNameLike(string token)
    {
        if (Products.Contains(token))
            return true;

        // Letters that look like ours are no part of our words.
        if (token.Any(character => !char.IsAscii(character) && char.IsLetterOrDigit(character)))
            return true;
        if (!token.Any(char.IsLetter))
            return Clock().IsMatch(token) || token.Count(character => character == '.') > 1;
        if (token.Any(char.IsDigit) || Camel().IsMatch(token) || token.AsSpan().ContainsAny(NameMarks))
            return true;
        return token.Contains('-', StringComparison.Ordinal) && !token.Split('-').All(part => CompoundParts.Contains(part) || Plain.Contains(part) || Quantities.In(part).Any());
    }

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private const string Kinds =
        "pods?|deployments?|replicasets?|statefulsets?|daemonsets?|cronjobs?|jobs?|nodes?|services?|namespaces?|secrets?|configmaps?|containers?|ingress(es)?|claims?|volumes?|certificates?|issuers?|databases?|tables?|hosts?|queues?|topics?|buckets?|servers?|users?|images?|registry|cluster";

    [GeneratedRegex("[\"“„«](?<text>[^\"“”„«»]{2,})[\"”»]|`(?<text>[^`]{2,})`|(^|[\\s(])['‘](?<text>[^'‘’]{2,})['’](?=[\\s.,;:)]|$)", Options, 1000)]
    private static partial Regex Quotation();

    [GeneratedRegex(
        @"\b(?<name>[a-z][a-z]+)(?= +(" + Kinds + @")\b(?!-))|(?<=\b(" + Kinds + @") +((called|named) +)?)\b(?<name>[a-z][a-z]+)(?![\w-])",
        Options | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex BesideAKind();

    [GeneratedRegex("[a-z][A-Z]|[A-Z]{2,}[a-rt-z]|[A-Z]{2,}s[a-z]|[A-Z]{5}", Options, 1000)]
    private static partial Regex Camel();

    [GeneratedRegex(@"^\d{1,2}:\d{2}(:\d{2})?Z?$", Options, 1000)]
    private static partial Regex Clock();

    /// <summary>A number with its unit is judged as a number.</summary>
    [GeneratedRegex(@"^[~<>=+×-]*\d+(\.\d+)?(/\d+)?(([KMGT]i?[Bb]?|%|m|ms|s|min|h|d|x|st|nd|rd|th)?|(ms|[dhms])(\d+(ms|[dhms]))+|-(second|minute|hour|day|node|pod|replica)s?)$", Options | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex IsMeasure();
}

/// <summary>A part of a claim that was never seen.</summary>
/// <param name="Kind"><c>name</c>, <c>number</c> or <c>quotation</c>.</param>
/// <param name="Text">The part.</param>
internal sealed record ForeignClaim(string Kind, string Text);
