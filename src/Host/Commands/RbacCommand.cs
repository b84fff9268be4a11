using System.CommandLine;
using System.Text.RegularExpressions;
using AlertResponder.Remediation;

namespace AlertResponder.Host.Commands;

/// <summary>Prints the manifests of the rights that remediation needs.</summary>
internal static partial class RbacCommand
{
    /// <summary>Whose rights they are when nothing else is said.</summary>
    public const string DefaultAccount = "alert-responder/alert-responder-remediation";

    /// <param name="namespaces">Those that are opted in, separated by commas.</param>
    /// <param name="actions">Names from the catalogue, separated by commas; null for all.</param>
    /// <param name="account">The service account, <c>namespace/name</c>.</param>
    /// <param name="nodes">Whether nodes are opted in, too.</param>
    /// <param name="mappedUsers">Whether approvers are mapped to Kubernetes users.</param>
    /// <param name="streams">Where they go.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> ExecuteAsync(string namespaces, string? actions, string account, bool nodes, bool mappedUsers, InvocationConfiguration streams)
    {
        var scope = new RbacScope(
            account.Split('/') is [var @namespace, var name] ? (@namespace, name) : ("", ""),
            Names(namespaces),
            actions is null ? [.. ActionPermissions.ByAction.Keys] : Names(actions),
            nodes,
            mappedUsers);
        var errors = Errors(scope).ToList();
        if (errors.Count > 0)
        {
            foreach (var error in errors)
            {
                await streams.Error.WriteLineAsync(error);
            }

            return ExitCodes.BadUsage;
        }

        await streams.Output.WriteAsync(RbacManifests.Write(scope));
        return ExitCodes.Done;
    }

    private static IEnumerable<string> Errors(RbacScope scope)
    {
        foreach (var name in scope.Namespaces.Append(scope.Account.Namespace).Where(name => !ObjectName().IsMatch(name)))
        {
            yield return $"\"{name}\" is no name of a namespace.";
        }

        if (!ObjectName().IsMatch(scope.Account.Name))
        {
            yield return $"--service-account takes namespace/name, such as {DefaultAccount}.";
        }

        foreach (var action in scope.Actions.Where(action => !ActionPermissions.ByAction.ContainsKey(action)))
        {
            yield return $"\"{ForeignLine.Of(action)}\" is no action: there are {string.Join(", ", ActionPermissions.ByAction.Keys)}.";
        }
    }

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex ObjectName();
}
