using YamlDotNet.RepresentationModel;

namespace AlertResponder.Host.Doctor;

/// <summary>A right that enrichment needs in the cluster.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Resource">Plural, with the subresource behind a slash.</param>
/// <param name="Verb">Such as <c>get</c>.</param>
internal sealed record Permission(string Group, string Resource, string Verb)
{
    private const string Manifest = "enrichment-rbac.yaml";

    /// <summary>Where the manifest is, from the sources' root.</summary>
    public const string ManifestPath = "deploy/kubernetes/enrichment-rbac.yaml";

    /// <summary>Those that <c>deploy/kubernetes/enrichment-rbac.yaml</c> grants: the manifest itself is in the program.</summary>
    public static IReadOnlyList<Permission> OfEnrichment { get; } = Load();

    /// <summary>What the rules of a manifest's roles grant.</summary>
    public static IEnumerable<Permission> Granted(TextReader manifest)
    {
        var documents = new YamlStream();
        documents.Load(manifest);
        return (from document in documents.Documents
                let root = (YamlMappingNode)document.RootNode
                where root.Children.TryGetValue("kind", out var kind) && ((YamlScalarNode)kind).Value is "ClusterRole" or "Role"
                from rule in ((YamlSequenceNode)root["rules"]).OfType<YamlMappingNode>()
                from permission in
                    from @group in Texts(rule, "apiGroups")
                    from resource in Texts(rule, "resources")
                    from verb in Texts(rule, "verbs")
                    select new Permission(@group, resource, verb)
                select permission).Distinct();
    }

    private static IReadOnlyList<Permission> Load()
    {
        using var reader = new StreamReader(typeof(Permission).Assembly.GetManifestResourceStream(Manifest)!);
        return [.. Granted(reader)];
    }

    private static IEnumerable<string> Texts(YamlMappingNode rule, string list) =>
        rule.Children.TryGetValue(list, out var values) ? ((YamlSequenceNode)values).OfType<YamlScalarNode>().Select(value => value.Value ?? "") : [];
}
