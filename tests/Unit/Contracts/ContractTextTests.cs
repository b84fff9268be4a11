using System.Reflection;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Contracts;

public sealed class ContractTextTests
{
    [Fact]
    public void FactNames_All_AreUniqueAndNotEmpty()
    {
        var names = typeof(FactNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).ToList();

        names.ShouldNotBeEmpty();
        names.ShouldAllBe(name => name.Length > 0);
        names.ShouldBeUnique();
    }

    [Theory]
    [InlineData("Pod", "cardboard", "scraper-x", null, "Pod cardboard/scraper-x")]
    [InlineData("Pod", "cardboard", "scraper-x", "scraper", "Pod cardboard/scraper-x (scraper)")]
    [InlineData("Node", null, "k3s-agent-2", null, "Node k3s-agent-2")]
    public void ObjectReference_ToString_IsForPeople(string kind, string? @namespace, string name, string? container, string text) =>
        new ObjectReference(kind, @namespace, name, container).ToString().ShouldBe(text);

    [Theory]
    [InlineData("CronJob", "cardboard", "price-scraper", null, "CronJob cardboard/price-scraper")]
    [InlineData("Node", null, "k3s-agent-2", null, "Node k3s-agent-2")]
    [InlineData("Deployment", "shop", "checkout", "eu-1", "Deployment shop/checkout in cluster eu-1")]
    public void Subject_ToString_IsForPeople(string kind, string? @namespace, string name, string? cluster, string text) =>
        new Subject(kind, @namespace, name, cluster).ToString().ShouldBe(text);

    [Theory]
    [InlineData("KubePodCrashLooping", "KubePodCrashLooping")]
    [InlineData("", "(unnamed)")]
    [InlineData(null, "(unnamed)")]
    public void Alert_Name_IsTheLabelOrUnnamed(string? label, string name)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (label is not null)
        {
            labels["alertname"] = label;
        }

        new Alert("0123456789abcdef", AlertStatus.Firing, labels, labels, DateTimeOffset.UnixEpoch, null, null).Name().ShouldBe(name);
    }
}
