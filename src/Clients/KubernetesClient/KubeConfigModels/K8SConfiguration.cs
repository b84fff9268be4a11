using k8s.Exceptions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace k8s.KubeConfigModels;

/// <summary>A kubeconfig, as far as it is read here.</summary>
internal sealed class K8SConfiguration
{
    public string Kind { get; set; }

    [YamlMember(Alias = "current-context", ApplyNamingConventions = false)]
    public string CurrentContext { get; set; }

    public List<Context> Contexts { get; set; } = [];

    public List<Cluster> Clusters { get; set; } = [];

    public List<User> Users { get; set; } = [];

    /// <summary>Where it was read from; null for paths relative to the working directory.</summary>
    [YamlIgnore]
    public string FileName { get; set; }

    /// <exception cref="KubeConfigException">The file is missing, unreadable, or not a kubeconfig.</exception>
    public static async Task<K8SConfiguration> LoadAsync(FileInfo file, bool useRelativePaths)
    {
        try
        {
            using var reader = new StringReader(await File.ReadAllTextAsync(file.FullName));
            var deserializer = new DeserializerBuilder()
                .WithNamingConvention(CamelCaseNamingConvention.Instance)
                .IgnoreUnmatchedProperties()
                .Build();
            var configuration = deserializer.Deserialize<K8SConfiguration>(new MergingParser(new Parser(reader)))
                ?? throw new KubeConfigException($"The kubeconfig {file.FullName} is empty");
            configuration.FileName = useRelativePaths ? file.FullName : null;
            configuration.Contexts ??= [];
            configuration.Clusters ??= [];
            configuration.Users ??= [];
            return configuration;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new KubeConfigException($"There is no kubeconfig at {file.FullName}", missing);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException($"The kubeconfig {file.FullName} cannot be read: {unreadable.Message}", unreadable);
        }
        catch (YamlException bad)
        {
            throw new KubeConfigException($"The kubeconfig {file.FullName} is not valid, line {bad.Start.Line}: {bad.Message}", bad);
        }
    }

    /// <summary>Adds what another kubeconfig has more; what both have stays.</summary>
    public void Merge(K8SConfiguration other)
    {
        if (Kind != other.Kind)
            throw new KubeConfigException($"The kubeconfigs {FileName} and {other.FileName} are of different kinds");
        CurrentContext ??= other.CurrentContext;
        Contexts = Merged(Contexts, other.Contexts, c => c.Name);
        Clusters = Merged(Clusters, other.Clusters, c => c.Name);
        Users = Merged(Users, other.Users, u => u.Name);
    }

    /// <summary>Paths in a kubeconfig are relative to it. In merged ones: to the first, as in the official client.</summary>
    public string FullPath(string path) =>
        FileName is null || string.IsNullOrWhiteSpace(path) ? path : Path.Combine(Path.GetDirectoryName(FileName)!, path);

    private static List<T> Merged<T>(List<T> ours, List<T> theirs, Func<T, string> name) =>
        [.. ours.Concat(theirs).DistinctBy(name, StringComparer.Ordinal)];
}

internal sealed class Context
{
    public string Name { get; set; }

    [YamlMember(Alias = "context")]
    public ContextDetails ContextDetails { get; set; }
}

internal sealed class ContextDetails
{
    public string Cluster { get; set; }

    public string User { get; set; }

    public string Namespace { get; set; }
}

internal sealed class Cluster
{
    public string Name { get; set; }

    [YamlMember(Alias = "cluster")]
    public ClusterEndpoint ClusterEndpoint { get; set; }
}

internal sealed class ClusterEndpoint
{
    public string Server { get; set; }

    [YamlMember(Alias = "certificate-authority", ApplyNamingConventions = false)]
    public string CertificateAuthority { get; set; }

    [YamlMember(Alias = "certificate-authority-data", ApplyNamingConventions = false)]
    public string CertificateAuthorityData { get; set; }

    [YamlMember(Alias = "tls-server-name", ApplyNamingConventions = false)]
    public string TlsServerName { get; set; }

    [YamlMember(Alias = "insecure-skip-tls-verify", ApplyNamingConventions = false)]
    public bool SkipTlsVerify { get; set; }
}

internal sealed class User
{
    public string Name { get; set; }

    [YamlMember(Alias = "user")]
    public UserCredentials UserCredentials { get; set; }
}

internal sealed class UserCredentials
{
    public string Token { get; set; }

    /// <summary>kubectl's field; the official client does not know it.</summary>
    [YamlMember(Alias = "tokenFile")]
    public string TokenFile { get; set; }

    [YamlMember(Alias = "username")]
    public string UserName { get; set; }

    public string Password { get; set; }

    [YamlMember(Alias = "client-certificate", ApplyNamingConventions = false)]
    public string ClientCertificate { get; set; }

    [YamlMember(Alias = "client-certificate-data", ApplyNamingConventions = false)]
    public string ClientCertificateData { get; set; }

    [YamlMember(Alias = "client-key", ApplyNamingConventions = false)]
    public string ClientKey { get; set; }

    [YamlMember(Alias = "client-key-data", ApplyNamingConventions = false)]
    public string ClientKeyData { get; set; }

    [YamlMember(Alias = "exec")]
    public ExternalExecution ExternalExecution { get; set; }
}

/// <summary>A credential plug-in: a command that prints an ExecCredential.</summary>
internal sealed class ExternalExecution
{
    public string ApiVersion { get; set; }

    public string Command { get; set; }

    [YamlMember(Alias = "args")]
    public List<string> Arguments { get; set; } = [];

    [YamlMember(Alias = "env")]
    public List<Dictionary<string, string>> EnvironmentVariables { get; set; } = [];
}
