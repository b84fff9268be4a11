namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

/// <summary>A folder of its own for kubeconfigs and what they name.</summary>
internal sealed class KubeconfigFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kubeconfig-");

    public string Path => _folder.FullName;

    /// <summary>Writes a file, in UTF-8, and gives its path.</summary>
    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Writes a shell script that can be run, and gives its path.</summary>
    public string WriteScript(string name, string text)
    {
        var path = Write(name, "#!/bin/sh\n" + text + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>Writes a kubeconfig with one context <c>test</c>; cluster and user are the lines below <c>cluster:</c> and <c>user:</c>.</summary>
    public string WriteKubeconfig(string cluster, string user) => Write("config",
        $$"""
        apiVersion: v1
        kind: Config
        current-context: test
        contexts:
        - name: test
          context: { cluster: c, user: u, namespace: shop }
        clusters:
        - name: c
          cluster:
        {{Indented(cluster)}}
        users:
        - name: u
          user:
        {{Indented(user)}}
        """);

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Indented(string lines) => string.Join('\n', lines.Split('\n').Select(line => "    " + line));
}
