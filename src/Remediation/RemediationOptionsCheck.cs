using System.Text.RegularExpressions;
using AlertResponder.Contracts;
using AlertResponder.Remediation.Actions;
using AlertResponder.Remediation.Actions.Change;
using AlertResponder.Remediation.Policy;
using Microsoft.Extensions.Options;

namespace AlertResponder.Remediation;

/// <summary>What is wrong with the section <c>Remediation</c>, each with its fix.</summary>
internal sealed partial class RemediationOptionsCheck : IValidateOptions<RemediationOptions>
{
    private const int MostMinutes = 24 * 60;

    public ValidateOptionsResult Validate(string? name, RemediationOptions options)
    {
        List<string> errors = [.. options.Namespaces.Where(@namespace => !NamespaceName().IsMatch(@namespace)).Select(@namespace => $"Remediation:Namespaces has \"{@namespace}\", which is no name of a namespace: list each by its name, such as shop.")];
        foreach (var (index, approver) in options.Approvers.Index())
        {
            errors.AddRange(Errors(approver, $"Remediation:Approvers:{index}", options));
        }

        AddUnlessMinutes(errors, "ExpiryMinutes", options.ExpiryMinutes);
        AddUnlessMinutes(errors, "VerifyMinutes", options.VerifyMinutes);
        AddUnlessAmount(errors, "MaxMemory", options.MaxMemory, "4Gi");
        AddUnlessAmount(errors, "MaxCpu", options.MaxCpu, "4");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Errors(ApproverOptions approver, string key, RemediationOptions options)
    {
        if (approver.User is null == approver.Group is null)
        {
            yield return $"{key} names {(approver.User is null ? "nobody" : "a user and a group")}: give it a Slack user id (U0123ABCD) or a user group id (@S0123ABCD).";
        }

        if (approver.User is { } user && !UserId().IsMatch(user))
        {
            yield return $"{key} has \"{user}\", which is no Slack user id: it is in the person's profile, under \"Copy member ID\", and looks like U0123ABCD.";
        }

        if (approver.Group is { } group && !GroupId().IsMatch(group))
        {
            yield return $"{key} has the group \"{group}\", which is no id of a Slack user group: it looks like S0123ABCD.";
        }

        foreach (var @namespace in approver.Namespaces.Where(@namespace => !options.Namespaces.Contains(@namespace, StringComparer.Ordinal)))
        {
            yield return $"{key}:Namespaces has \"{@namespace}\", which is not among Remediation:Namespaces: add it there, or remove it here.";
        }

        foreach (var risk in approver.Risks.Where(risk => !Enum.TryParse<RiskClass>(risk, ignoreCase: true, out var value) || !Enum.IsDefined(value)))
        {
            yield return $"{key}:Risks has \"{risk}\": there are {string.Join(", ", Enum.GetNames<RiskClass>())}.";
        }

        if (approver.KubernetesUser is not null && approver.User is null)
        {
            yield return $"{key} gives a group's members one KubernetesUser: map each User on its own.";
        }

        if (approver.KubernetesGroups.Count > 0 && approver.KubernetesUser is null)
        {
            yield return $"{key} has KubernetesGroups without a KubernetesUser: add the user whose rights are asked.";
        }
    }

    private static void AddUnlessMinutes(List<string> errors, string key, int value)
    {
        if (value is < 1 or > MostMinutes)
        {
            errors.Add($"Remediation:{key} is {value}: give it minutes from 1 to {MostMinutes}.");
        }
    }

    private static void AddUnlessAmount(List<string> errors, string key, string value, string example)
    {
        if (!ResourceSize.TryParse(value, out _))
        {
            errors.Add($"Remediation:{key} is \"{value}\": give it an amount as Kubernetes writes it, such as {example}.");
        }
    }

    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z", Linear)]
    private static partial Regex NamespaceName();

    [GeneratedRegex(@"^[UW][A-Z0-9]+\z", Linear)]
    private static partial Regex UserId();

    [GeneratedRegex(@"^S[A-Z0-9]+\z", Linear)]
    private static partial Regex GroupId();
}
