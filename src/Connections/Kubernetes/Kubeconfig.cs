using k8s.Exceptions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace AlertResponder.Connections.Kubernetes;

/// <summary>
/// What a kubeconfig says, whole: the package's own reading leaves out whom to act as, by way of which proxy, and where the token is. Source:
/// https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/.
/// </summary>
internal sealed class Kubeconfig
{
    [YamlMember(Alias = "current-context", ApplyNamingConventions = false)]
    public string? CurrentContext { get; set; }

    public List<NamedContext?>? Contexts { get; set; }

    public List<NamedCluster?>? Clusters { get; set; }

    public List<NamedUser?>? Users { get; set; }

    /// <summary>The files of a list as in KUBECONFIG, merged, the first one winning; empty elements and missing files are skipped, as kubectl does.</summary>
    /// <param name="list">Paths, separated as the platform does.</param>
    /// <exception cref="KubeConfigException">There is no file, or one cannot be read.</exception>
    public static Kubeconfig Load(string list)
    {
        var paths = list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(path => path.Trim('"')).Where(path => path.Length > 0).ToList();
        var there = paths.Where(path => File.Exists(path) || Directory.Exists(path)).ToList();
        if (there.Count == 0)
        {
            throw new KubeConfigException(
                $"KUBECONFIG names {(paths.Count == 0 ? "no file" : $"no file that exists: {string.Join(", ", paths)}")}. Set KUBECONFIG to one that is there");
        }

        var merged = new Kubeconfig { Contexts = [], Clusters = [], Users = [] };
        foreach (var path in there)
        {
            merged.Merge(Parse(path), path);
        }

        return merged;
    }

    private static Kubeconfig? Parse(string path)
    {
        try
        {
            using var reader = new StringReader(File.ReadAllText(path));
            return new DeserializerBuilder()
                .WithNamingConvention(CamelCaseNamingConvention.Instance)
                .IgnoreUnmatchedProperties()
                .Build()
                .Deserialize<Kubeconfig?>(new MergingParser(new Parser(reader)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException(
                Directory.Exists(path)
                    ? $"{path} is a directory. Set KUBECONFIG to the file in it"
                    : $"{path} cannot be read ({e.Message.TrimEnd('.')}). See who may read it",
                e);
        }
        catch (YamlException e)
        {
            // Not the innermost message: it may quote a value, and values here are secrets.
            throw new KubeConfigException($"{path} is not a kubeconfig in YAML, line {e.Start.Line}. See `kubectl --kubeconfig {path} config view`", e);
        }
    }

    private void Merge(Kubeconfig? next, string path)
    {
        CurrentContext = string.IsNullOrEmpty(CurrentContext) ? next?.CurrentContext : CurrentContext;
        Add(Contexts!, next?.Contexts, "context", path);
        Add(Clusters!, next?.Clusters, "cluster", path);
        Add(Users!, next?.Users, "user", path);
    }

    private static void Add<T>(List<T?> ours, List<T?>? theirs, string kind, string path)
        where T : Named
    {
        var known = ours.Select(one => one!.Name).ToHashSet(StringComparer.Ordinal);
        var here = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in theirs ?? [])
        {
            if (one?.Name is not { Length: > 0 } name)
            {
                throw new KubeConfigException($"{path} has a {kind} without a name. Give it one");
            }

            if (!here.Add(name))
            {
                throw new KubeConfigException($"{path} has two entries for the {kind} {name}. Remove one");
            }

            if (known.Contains(name))
            {
                continue;
            }

            one.File = path;
            ours.Add(one);
        }
    }

    internal abstract class Named
    {
        public string? Name { get; set; }

        /// <summary>Where it stands: its relative paths start there.</summary>
        [YamlIgnore]
        public string File { get; set; } = "";

        public string FullPath(string path) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(File))!, path);
    }

    internal sealed class NamedContext : Named
    {
        public ContextDetails? Context { get; set; }
    }

    internal sealed class ContextDetails
    {
        public string? Cluster { get; set; }

        public string? User { get; set; }

        public string? Namespace { get; set; }
    }

    internal sealed class NamedCluster : Named
    {
        public ClusterDetails? Cluster { get; set; }
    }

    internal sealed class ClusterDetails
    {
        public string? Server { get; set; }

        [YamlMember(Alias = "certificate-authority", ApplyNamingConventions = false)]
        public string? Authority { get; set; }

        [YamlMember(Alias = "certificate-authority-data", ApplyNamingConventions = false)]
        public string? AuthorityData { get; set; }

        [YamlMember(Alias = "tls-server-name", ApplyNamingConventions = false)]
        public string? TlsServerName { get; set; }

        [YamlMember(Alias = "insecure-skip-tls-verify", ApplyNamingConventions = false)]
        public bool? SkipTlsVerify { get; set; }

        [YamlMember(Alias = "proxy-url", ApplyNamingConventions = false)]
        public string? ProxyUrl { get; set; }
    }

    internal sealed class NamedUser : Named
    {
        public UserDetails? User { get; set; }
    }

    internal sealed class UserDetails
    {
        public string? Token { get; set; }

        public string? TokenFile { get; set; }

        [YamlMember(Alias = "username", ApplyNamingConventions = false)]
        public string? UserName { get; set; }

        public string? Password { get; set; }

        [YamlMember(Alias = "client-certificate", ApplyNamingConventions = false)]
        public string? Certificate { get; set; }

        [YamlMember(Alias = "client-certificate-data", ApplyNamingConventions = false)]
        public string? CertificateData { get; set; }

        [YamlMember(Alias = "client-key", ApplyNamingConventions = false)]
        public string? Key { get; set; }

        [YamlMember(Alias = "client-key-data", ApplyNamingConventions = false)]
        public string? KeyData { get; set; }

        [YamlMember(Alias = "as", ApplyNamingConventions = false)]
        public string? As { get; set; }

        [YamlMember(Alias = "as-uid", ApplyNamingConventions = false)]
        public string? AsUid { get; set; }

        [YamlMember(Alias = "as-groups", ApplyNamingConventions = false)]
        public List<string?>? AsGroups { get; set; }

        [YamlMember(Alias = "as-user-extra", ApplyNamingConventions = false)]
        public Dictionary<string, List<string?>?>? AsExtra { get; set; }

        [YamlMember(Alias = "auth-provider", ApplyNamingConventions = false)]
        public AuthProvider? AuthProvider { get; set; }

        public Plugin? Exec { get; set; }
    }

    internal sealed class AuthProvider
    {
        public string? Name { get; set; }
    }

    /// <summary>A command that prints a credential.</summary>
    internal sealed class Plugin
    {
        public string? ApiVersion { get; set; }

        public string? Command { get; set; }

        public List<string?>? Args { get; set; }

        public List<Variable?>? Env { get; set; }

        public string? InstallHint { get; set; }

        public string? InteractiveMode { get; set; }

        public bool? ProvideClusterInfo { get; set; }
    }

    internal sealed class Variable
    {
        public string? Name { get; set; }

        public string? Value { get; set; }
    }
}
