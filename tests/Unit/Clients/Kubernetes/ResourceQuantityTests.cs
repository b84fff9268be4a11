using k8s;
using k8s.Models;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

public sealed class ResourceQuantityTests
{
    [Theory]
    [InlineData("0", "0", 0)]
    [InlineData("0Mi", "0", 0)]
    [InlineData("4", "4", 4)]
    [InlineData("250m", "250m", 0.25)]
    [InlineData("0.5", "500m", 0.5)]
    [InlineData("1000m", "1", 1)]
    [InlineData("1500m", "1500m", 1.5)]
    [InlineData("100n", "100n", 0.0000001)]
    [InlineData("2000000u", "2", 2)]
    [InlineData("16264316Ki", "16264316Ki", 16654659584)]
    [InlineData("512Mi", "512Mi", 536870912)]
    [InlineData("1024Mi", "1Gi", 1073741824)]
    [InlineData("1.5Gi", "1536Mi", 1610612736)]
    [InlineData("0.5Ki", "512", 512)]
    [InlineData("1000Ki", "1000Ki", 1024000)]
    [InlineData("536870912", "536870912", 536870912)]
    [InlineData("96143680320", "96143680320", 96143680320)]
    [InlineData("1000000000", "1G", 1000000000)]
    [InlineData("128974848000m", "128974848", 128974848)]
    [InlineData("12e6", "12e6", 12000000)]
    [InlineData("12E6", "12e6", 12000000)]
    [InlineData("1e3", "1e3", 1000)]
    [InlineData("100e-3", "100e-3", 0.1)]
    [InlineData("5e0", "5", 5)]
    [InlineData("+5k", "5k", 5000)]
    [InlineData(" 5 ", "5", 5)]
    [InlineData(".5", "500m", 0.5)]
    [InlineData("0.1n", "1n", 0.0000000001)]
    public void Parse_Quantity_IsCanonicalAndExact(string text, string canonical, double value)
    {
        var quantity = new ResourceQuantity(text);

        quantity.ToString().ShouldBe(canonical);
        quantity.ToDecimal().ShouldBe((decimal)value);
        ((decimal)quantity).ShouldBe((decimal)value);
        quantity.ToDouble().ShouldBe(value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("much")]
    [InlineData("1.2.3")]
    [InlineData("12x")]
    [InlineData("12kk")]
    [InlineData("Mi")]
    [InlineData("1eleven")]
    public void Parse_NoQuantity_IsRefused(string text)
    {
        var refusal = Should.Throw<SystemException>(() => new ResourceQuantity(text));

        (refusal is FormatException or ArgumentException).ShouldBeTrue(refusal.ToString());
    }

    [Fact]
    public void ToInt64_Fraction_IsCut()
    {
        new ResourceQuantity("1500m").ToInt64().ShouldBe(1);
        new ResourceQuantity("1500m").ToInt32().ShouldBe(1);
    }

    [Fact]
    public void ToInt64_TooLarge_Overflows()
    {
        Should.Throw<OverflowException>(() => new ResourceQuantity("100E").ToInt64());
        Should.Throw<OverflowException>(() => new ResourceQuantity("4Gi").ToInt32());
    }

    [Fact]
    public void Parse_MoreThanAnInt64OfBytes_IsCapped() => new ResourceQuantity("16Ei").ToInt64().ShouldBe(long.MaxValue);

    [Fact]
    public void Equality_SameAmountInOtherWords_IsEqual()
    {
        ResourceQuantity gibibyte = "1Gi";
        ResourceQuantity mebibytes = "1024Mi";

        (gibibyte == mebibytes).ShouldBeTrue();
        gibibyte.GetHashCode().ShouldBe(mebibytes.GetHashCode());
        (gibibyte != new ResourceQuantity("1G")).ShouldBeTrue();
        (gibibyte == null).ShouldBeFalse();
    }

    [Fact]
    public void Constructor_Decimal_KeepsAmountAndFormat()
    {
        new ResourceQuantity(1.5m, 3, ResourceQuantity.SuffixFormat.DecimalSI).ToString().ShouldBe("1500");
        new ResourceQuantity(1536m, 0, ResourceQuantity.SuffixFormat.BinarySI).ToString().ShouldBe("1536");
        new ResourceQuantity(2048m, 0, ResourceQuantity.SuffixFormat.BinarySI).ToString().ShouldBe("2Ki");
        ((ResourceQuantity)0.25m).ToString().ShouldBe("250e-3");
        new ResourceQuantity((string?)null).ToString().ShouldBe("0");
    }

    [Fact]
    public void CanonicalizeString_OtherFormat_IsTheSameAmount()
    {
        var quantity = new ResourceQuantity("1Gi");

        quantity.Format.ShouldBe(ResourceQuantity.SuffixFormat.BinarySI);
        quantity.CanonicalizeString(ResourceQuantity.SuffixFormat.DecimalSI).ShouldBe("1073741824");
        new ResourceQuantity("1M").CanonicalizeString(ResourceQuantity.SuffixFormat.BinarySI).ShouldBe("1000000");
    }

    [Fact]
    public void Json_StringsAndNumbers_AreRead()
    {
        var resources = KubernetesJson.Deserialize<V1ResourceRequirements>("""{"limits":{"cpu":0.5,"pods":110,"memory":"1.5Gi","none":null}}""");

        resources.Limits["cpu"].ToString().ShouldBe("500m");
        resources.Limits["pods"].ToInt32().ShouldBe(110);
        resources.Limits["none"].ShouldBeNull();
        KubernetesJson.Serialize(resources.Limits["memory"]).ShouldBe("\"1536Mi\"");
    }
}
