using AlertResponder.Connections.Kubernetes;

namespace AlertResponder.Tests.Unit.Resilience;

public sealed class QuantitiesTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("250m", 0.25)]
    [InlineData("100n", 0.0000001)]
    [InlineData("16264316Ki", 16654659584)]
    [InlineData("1.5Gi", 1610612736)]
    [InlineData("1E", 1e18)]
    [InlineData("12e6", 12000000)]
    [InlineData("100e-3", 0.1)]
    [InlineData("+5k", 5000)]
    [InlineData(" 5 ", 5)]
    [InlineData(".5", 0.5)]
    [InlineData("-1500m", -1.5)]
    [InlineData("-2Gi", -2147483648)]
    [InlineData("0e2000000000", 0)]
    [InlineData("1e-2000000000", 0)]
    [InlineData("1e-99999999999", 0)]
    public void Parse_Quantity_IsItsAmount(string text, double amount) => ((double)Quantities.Parse(text).ToDecimal()).ShouldBe(amount);

    [Theory]
    [InlineData("1e2000000000")]
    [InlineData("1E+2000000000")]
    [InlineData("1e99999999999")]
    [InlineData("1e20")]
    [InlineData("16Ei")]
    [InlineData("100E")]
    [InlineData("99999999999999999999999999999999999999")]
    public void Parse_LargerThanKubernetesHas_IsTheLargest(string text)
    {
        Quantities.Parse(text).ToInt64().ShouldBe(long.MaxValue);
        Quantities.Parse("-" + text.TrimStart('+')).ToInt64().ShouldBe(-long.MaxValue);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("much")]
    [InlineData("1.2.3")]
    [InlineData("12x")]
    [InlineData("12kk")]
    [InlineData("Mi")]
    [InlineData("1eleven")]
    [InlineData("1/3")]
    [InlineData("١")]
    [InlineData("00000000000000000000000000000000000000000000000000000000000000001")]
    public void Parse_NoQuantity_IsRefused(string? text) => Should.Throw<FormatException>(() => Quantities.Parse(text));
}
