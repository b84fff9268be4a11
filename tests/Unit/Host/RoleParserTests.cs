using AlertResponder.Host.Roles;

namespace AlertResponder.Tests.Unit.Host;

public sealed class RoleParserTests
{
    [Theory]
    [InlineData(null, Role.All)]
    [InlineData("", Role.All)]
    [InlineData("  ", Role.All)]
    [InlineData(",", Role.All)]
    [InlineData("all", Role.All)]
    [InlineData("gateway", Role.Gateway)]
    [InlineData("Gateway, ENRICHMENT", Role.Gateway | Role.Enrichment)]
    [InlineData("analysis,notification,", Role.Analysis | Role.Notification)]
    [InlineData("remediation,remediation", Role.Remediation)]
    [InlineData("gateway,enrichment,analysis,notification,remediation", Role.All)]
    public void Parse_Names_AreTheRoles(string? text, Role roles)
    {
        RoleParser.Parse(text, out var error).ShouldBe(roles);
        error.ShouldBeNull();
    }

    [Theory]
    [InlineData("painter", "painter")]
    [InlineData("gateway,painter", "painter")]
    [InlineData("none", "none")]
    [InlineData("1", "1")]
    [InlineData("31", "31")]
    [InlineData("-1", "-1")]
    [InlineData("+1", "+1")]
    [InlineData("gateway enrichment", "gateway enrichment")]
    public void Parse_OtherNames_AreNamedInTheError(string text, string name)
    {
        RoleParser.Parse(text, out var error).ShouldBe(Role.None);
        error.ShouldNotBeNull().ShouldContain($"\"{name}\"");
    }
}
