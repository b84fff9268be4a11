using AlertResponder.Connections.Alertmanager;

namespace AlertResponder.Tests.Unit.Resilience;

public sealed class AlertmanagerOptionsTests
{
    private const string Url = "http://alertmanager:9093/am";

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData("", null, null, null)]
    [InlineData(Url, null, null, null)]
    [InlineData(Url, "token", null, null)]
    [InlineData(Url, null, "ops", "password")]
    public void Validate_Usable_HasNoErrors(string? url, string? token, string? user, string? password) => Errors(url, token, user, password).ShouldBeEmpty();

    [Theory]
    [InlineData("alertmanager:9093", null, null, null, "no http(s) address")]
    [InlineData("http://ops:password@alertmanager:9093", null, null, null, "no http(s) address")]
    [InlineData("http://alertmanager:9093?x=y", null, null, null, "no http(s) address")]
    [InlineData(null, "token", null, null, "credentials without Alertmanager:Url")]
    [InlineData(null, null, "ops", "password", "credentials without Alertmanager:Url")]
    [InlineData(Url, "token", "ops", "password", "BearerToken and Username")]
    [InlineData(Url, null, "ops", null, "Alertmanager:Password is missing")]
    [InlineData(Url, null, null, "password", "Alertmanager:Username is missing")]
    public void Validate_Unusable_SaysWhatToDo(string? url, string? token, string? user, string? password, string expected)
    {
        var error = Errors(url, token, user, password).ShouldHaveSingleItem();

        error.ShouldContain(expected);
        error.ShouldNotContain("ops:password");
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(3600, true)]
    [InlineData(3601, false)]
    [InlineData(-1, false)]
    public void Validate_CompareSeconds_AreNeverOrSensible(int seconds, bool usable)
    {
        var result = new AlertmanagerOptionsCheck().Validate(null, new AlertmanagerOptions { CompareSeconds = seconds });

        result.Succeeded.ShouldBe(usable);
        (result.FailureMessage?.Contains("Alertmanager:CompareSeconds", StringComparison.Ordinal) ?? true).ShouldBeTrue();
    }

    private static IEnumerable<string> Errors(string? url, string? token, string? user, string? password) =>
        new AlertmanagerOptionsCheck().Validate(null, new AlertmanagerOptions { Url = url, BearerToken = token, Username = user, Password = password }).Failures ?? [];
}
