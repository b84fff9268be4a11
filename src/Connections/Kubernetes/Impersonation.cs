using k8s.Exceptions;

namespace AlertResponder.Connections.Kubernetes;

/// <summary>
/// Acts as somebody else than whom the credentials belong to: <c>as</c>, <c>as-uid</c>, <c>as-groups</c> and <c>as-user-extra</c> of a kubeconfig's
/// user. The package reads and forgets them, and so acts with all rights of the credentials.
/// </summary>
internal sealed class Impersonation : DelegatingHandler
{
    private readonly IReadOnlyList<(string Name, string Value)> headers;

    private Impersonation(IReadOnlyList<(string Name, string Value)> headers) => this.headers = headers;

    /// <returns>Null when the user acts as itself.</returns>
    /// <exception cref="KubeConfigException">It does not say as whom, or cannot be said in a header.</exception>
    public static Impersonation? Of(Kubeconfig.UserDetails user, string where)
    {
        List<(string Name, string Value)> headers =
        [
            .. Header("Impersonate-User", [user.As]),
            .. Header("Impersonate-Uid", [user.AsUid]),
            .. Header("Impersonate-Group", user.AsGroups),
            .. (user.AsExtra ?? []).SelectMany(extra => Header($"Impersonate-Extra-{Uri.EscapeDataString(extra.Key)}", extra.Value)),
        ];
        if (headers.Count == 0)
        {
            return null;
        }

        if (string.IsNullOrEmpty(user.As))
        {
            throw new KubeConfigException($"{where} has as-uid, as-groups or as-user-extra without as. Say as whom, or remove them");
        }

        return headers.Exists(header => header.Value.Any(c => c is < ' ' or > '~'))
            ? throw new KubeConfigException($"{where} acts as a user or group whose name does not fit into a header. Use letters of ASCII")
            : new Impersonation(headers);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return base.SendAsync(request, cancellationToken);
    }

    private static IEnumerable<(string Name, string Value)> Header(string name, IEnumerable<string?>? values) =>
        (values ?? []).Where(value => !string.IsNullOrEmpty(value)).Select(value => (name, value!));
}
