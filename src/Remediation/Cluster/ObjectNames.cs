using System.Text.RegularExpressions;
using AlertResponder.Contracts;

namespace AlertResponder.Remediation.Cluster;

/// <summary>What can be a name in a cluster: what cannot must not get into an address.</summary>
internal static partial class ObjectNames
{
    public static bool AreValid(ObjectReference target) =>
        Name().IsMatch(target.Name) && (target.Namespace is null || Name().IsMatch(target.Namespace)) && (target.Container is null || Name().IsMatch(target.Container));

    public static bool IsValid(string name) => Name().IsMatch(name);

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
