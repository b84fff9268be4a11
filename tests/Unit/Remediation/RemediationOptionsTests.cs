using AlertResponder.Host.Settings;
using AlertResponder.Remediation;
using AlertResponder.Tests.Unit.Host;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AlertResponder.Tests.Unit.Remediation;

public sealed class RemediationOptionsTests : IDisposable
{
    private readonly TestHost host = new();

    public void Dispose() => host.Dispose();

    [Fact]
    public async Task Build_ApproversInBothForms_AreBound()
    {
        await using var app = host.Build(
            ("Remediation:Namespaces:0", "shop"),
            ("Remediation:Approvers:0", "U0123ABCD"),
            ("Remediation:Approvers:1", "@S0123ABCD"),
            ("Remediation:Approvers:2:User", "W0123ABCD"),
            ("Remediation:Approvers:2:Namespaces:0", "shop"),
            ("Remediation:Approvers:2:Risks:0", "reversible"),
            ("Remediation:Approvers:2:KubernetesUser", "alice"),
            ("Remediation:Approvers:2:KubernetesGroups:0", "sre"));

        var approvers = app.Services.GetRequiredService<IOptions<RemediationOptions>>().Value.Approvers;

        approvers.Select(approver => (approver.User, approver.Group, approver.KubernetesUser)).ShouldBe([("U0123ABCD", null, null), (null, "S0123ABCD", null), ("W0123ABCD", null, "alice")]);
        approvers[2].Namespaces.ShouldBe(["shop"]);
        approvers[2].Risks.ShouldBe(["reversible"]);
        approvers[2].KubernetesGroups.ShouldBe(["sre"]);
    }

    [Theory]
    [InlineData("Remediation:Approvers", "U0123ABCD", "Remediation:Approvers:0 and so on")]
    [InlineData("Remediation:Namespaces", "shop", "Remediation:Namespaces:0 and so on")]
    [InlineData("Remediation:Namespaces:0", "*", "no name of a namespace")]
    [InlineData("Remediation:Namespaces:0", "shop,bakery", "no name of a namespace")]
    [InlineData("Remediation:Approvers:0", "alice", "no Slack user id")]
    [InlineData("Remediation:Approvers:0", "@oncall", "no id of a Slack user group")]
    [InlineData("Remediation:Approvers:0:Usr", "U0123ABCD", "Remediation:Approvers:0:Usr is no setting")]
    [InlineData("Remediation:Approvers:0:KubernetesUser", "alice", "names nobody")]
    [InlineData("Remediation:ExpiryMinutes", "0", "minutes from 1 to 1440")]
    [InlineData("Remediation:VerifyMinutes", "soon", "a whole number")]
    [InlineData("Remediation:MaxMemory", "much", "such as 4Gi")]
    [InlineData("Remediation:MaxCpu", "-1", "such as 4")]
    [InlineData("Remediation:Nodes", "all", "true or false")]
    public void Build_BadSetting_SaysHowToMendIt(string key, string value, string fix) =>
        Should.Throw<SettingsException>(() => host.Build((key, value))).Errors.ShouldContain(error => error.Contains(fix, StringComparison.Ordinal));

    [Theory]
    [InlineData("Group", "S0123ABCD", "names nobody", "a user and a group")]
    [InlineData("Namespaces:0", "bakery", "Remediation:Namespaces", "not among")]
    [InlineData("Risks:0", "dangerous", "ReadOnly, Reversible, Destructive", "dangerous")]
    [InlineData("KubernetesGroups:0", "sre", "KubernetesUser", "without")]
    public void Build_BadApprover_SaysHowToMendIt(string field, string value, string notThis, string part)
    {
        var error = Should.Throw<SettingsException>(() => host.Build(("Remediation:Approvers:0:User", "U0123ABCD"), ($"Remediation:Approvers:0:{field}", value))).Errors.ShouldHaveSingleItem();

        error.ShouldStartWith("Remediation:Approvers:0");
        error.ShouldContain(part);
        if (field == "Group")
            error.ShouldNotContain(notThis);
        else
            error.ShouldContain(notThis);
    }
}
