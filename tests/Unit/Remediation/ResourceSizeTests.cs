using AlertResponder.Remediation.Actions;
using AlertResponder.Remediation.Actions.Change;

namespace AlertResponder.Tests.Unit.Remediation;

public sealed class ResourceSizeTests
{
    [Theory]
    [InlineData("memory", "256Mi", "380Mi", "4Gi", "512Mi")]
    [InlineData("memory", "256Mi", null, "4Gi", "512Mi")]
    [InlineData("memory", "200Mi", null, "4Gi", "256Mi")]
    [InlineData("memory", "250Mi", null, "4Gi", "512Mi")]
    [InlineData("memory", "256M", null, "4Gi", "512Mi")]
    [InlineData("memory", "512Mi", "500Mi", "4Gi", "1Gi")]
    [InlineData("memory", "1Gi", "1100Mi", "4Gi", "1536Mi")]
    [InlineData("memory", "3Gi", "3900Mi", "4Gi", "4Gi")]
    [InlineData("memory", "4Gi", null, "4Gi", null)]
    [InlineData("memory", "3500Mi", null, "3Gi", null)]
    [InlineData("memory", "512Gi", null, "1024Gi", null)]
    [InlineData("cpu", "200m", null, "4", "300m")]
    [InlineData("cpu", "0.2", "400m", "4", "500m")]
    [InlineData("cpu", "1", null, "4", "1500m")]
    [InlineData("cpu", "4", null, "4", null)]
    public void Next_LimitAndPeak_IsTheNextUsualSizeWithHeadroomUpToTheCap(string resource, string limit, string? peak, string cap, string? next)
    {
        ResourceSize.TryParse(limit, out var current).ShouldBeTrue();
        ResourceSize.TryParse(cap, out var most).ShouldBeTrue();

        ResourceSize.Next(resource, current, ResourceSize.TryParse(peak, out var seen) ? seen : null, [most]).ShouldBe(next);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1Gi")]
    [InlineData("much")]
    [InlineData("1Qi")]
    [InlineData("$(reboot)")]
    [InlineData("99999999999999999999999999999999999999999999")]
    [InlineData("1e99999")]
    public void TryParse_NoAmount_IsFalse(string? text) => ResourceSize.TryParse(text, out _).ShouldBeFalse();
}
