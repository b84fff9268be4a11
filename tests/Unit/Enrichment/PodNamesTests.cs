using AlertResponder.Contracts;
using AlertResponder.Enrichment.Subjects;

namespace AlertResponder.Tests.Unit.Enrichment;

public sealed class PodNamesTests
{
    [Theory]
    [InlineData("price-scraper-28487520-2n78x", "CronJob/price-scraper")]
    [InlineData("a-b-c-28487520-2n78x", "CronJob/a-b-c")]
    [InlineData("trade-bot-7d9f8b6c5-45rkb", "Deployment/trade-bot")]
    [InlineData("web-6d5f7c9b8f-x2x4z", "Deployment/web")]
    [InlineData("web-7d4b9c-x2x4z", "Deployment/web")]
    [InlineData("postgres-0", "StatefulSet/postgres")]
    [InlineData("kafka-broker-1234", "StatefulSet/kafka-broker")]
    [InlineData("node-exporter-x2x4z", "Pod/node-exporter-x2x4z")]
    [InlineData("web-7d4b9a6e5-x2x4z", "Pod/web-7d4b9a6e5-x2x4z")]
    [InlineData("debug", "Pod/debug")]
    [InlineData("postgres-12345", "Pod/postgres-12345")]
    public void Guess_PodName_IsItsWorkload(string pod, string expected) => Show(PodNames.Guess("ns", pod)).ShouldBe(expected);

    [Theory]
    [InlineData("price-scraper-28487520-2n78x", "Job/price-scraper-28487520 CronJob/price-scraper DaemonSet/price-scraper-28487520 ReplicaSet/price-scraper-28487520")]
    [InlineData("trade-bot-7d9f8b6c5-45rkb", "ReplicaSet/trade-bot-7d9f8b6c5 Deployment/trade-bot DaemonSet/trade-bot-7d9f8b6c5 Job/trade-bot-7d9f8b6c5")]
    [InlineData("node-exporter-x2x4z", "DaemonSet/node-exporter Job/node-exporter ReplicaSet/node-exporter")]
    [InlineData("postgres-0", "StatefulSet/postgres")]
    [InlineData("debug", "")]
    public void Owners_PodName_AreLikeliestFirstAndEachOnce(string pod, string expected) =>
        string.Join(' ', PodNames.Owners("ns", pod).Select(Show)).ShouldBe(expected);

    [Theory]
    [InlineData("trade-bot-7d9f8b6c5", "Deployment/trade-bot")]
    [InlineData("standalone", "ReplicaSet/standalone")]
    public void GuessDeployment_ReplicaSetName_IsItsDeployment(string name, string expected) => Show(PodNames.GuessDeployment("ns", name)).ShouldBe(expected);

    [Theory]
    [InlineData("price-scraper-28487520", "CronJob/price-scraper")]
    [InlineData("migrate", "Job/migrate")]
    [InlineData("migrate-42", "Job/migrate-42")]
    public void GuessCronJob_JobName_IsItsCronJob(string name, string expected) => Show(PodNames.GuessCronJob("ns", name)).ShouldBe(expected);

    private static string Show(Subject subject)
    {
        subject.Namespace.ShouldBe("ns");
        return $"{subject.Kind}/{subject.Name}";
    }
}
