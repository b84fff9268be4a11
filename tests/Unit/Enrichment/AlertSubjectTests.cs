using AlertResponder.Contracts;
using AlertResponder.Enrichment.Subjects;
using AlertResponder.Gateway.Alertmanager;
using AlertResponder.Tests.Unit.Gateway;
using AlertResponder.Tests.Unit.Incidents;

namespace AlertResponder.Tests.Unit.Enrichment;

public sealed class AlertSubjectTests
{
    [Theory]
    [InlineData("namespace=cardboard pod=x container=scraper job=kube-state-metrics", "Pod cardboard/x")]
    [InlineData("namespace=cardboard job_name=price-scraper-28487520 pod=kube-state-metrics-0 job=kube-state-metrics", "Job cardboard/price-scraper-28487520")]
    [InlineData("namespace=cardboard deployment=checkout pod=kube-state-metrics-7d9f8b6c5-45rkb", "Deployment cardboard/checkout")]
    [InlineData("namespace=a statefulset=db", "StatefulSet a/db")]
    [InlineData("namespace=a daemonset=exporter", "DaemonSet a/exporter")]
    [InlineData("namespace=a replicaset=x", "ReplicaSet a/x")]
    [InlineData("namespace=a cronjob=x", "CronJob a/x")]
    [InlineData("namespace=a horizontalpodautoscaler=x", "HorizontalPodAutoscaler a/x")]
    [InlineData("namespace=a persistentvolumeclaim=data-db-0 node=n1", "PersistentVolumeClaim a/data-db-0")]
    [InlineData("node=k3s-agent-2 condition=Ready", "Node k3s-agent-2")]
    [InlineData("node=k3s-agent-2 namespace=monitoring", "Node k3s-agent-2")]
    [InlineData("namespace=a pod=x node=n1 container=app job=kubelet", "Pod a/x")]
    [InlineData("pod=x", "Alert A")]
    [InlineData("job=kube-state-metrics namespace=a", "Alert A{job=\"kube-state-metrics\", namespace=\"a\"}")]
    [InlineData("namespace=a job_name=Not_A_Name pod=x", "Pod a/x")]
    [InlineData("namespace=a pod=", "Alert A{namespace=\"a\"}")]
    [InlineData("namespace=a pod=../secrets/x", "Alert A{namespace=\"a\"}")]
    [InlineData("namespace=../../ns pod=x", "Alert A{namespace=\"../../ns\"}")]
    [InlineData("node=../../api", "Alert A{node=\"../../api\"}")]
    public void For_Labels_NameTheSickThing(string labels, string expected) => AlertSubject.For(Alert(labels)).ToString().ShouldBe(expected);

    [Fact]
    public void For_NodeAlertOfKubeStateMetrics_IsTheNodeNotTheObserver() =>
        AlertSubject.For(Alert("container=kube-state-metrics endpoint=http instance=10.42.0.12:8080 job=kube-state-metrics namespace=monitoring node=worker-1 pod=kube-state-metrics-7d9f8b6c5-45rkb service=kube-state-metrics"))
            .ShouldBe(new Subject("Node", null, "worker-1"));

    [Fact]
    public void For_CrashOfKubeStateMetricsItself_IsItsPod() =>
        AlertSubject.For(Alert("container=kube-state-metrics job=kube-state-metrics namespace=monitoring pod=kube-state-metrics-7d9f8b6c5-45rkb"))
            .ShouldBe(new Subject("Pod", "monitoring", "kube-state-metrics-7d9f8b6c5-45rkb"));

    [Fact]
    public void For_EveryRealPayload_NamesWhatIsExpected()
    {
        var subjects = Payloads.Names.ToDictionary(name => name, name => AlertSubject.For(WebhookParser.Parse(Payloads.Read(name), Samples.Start).Alerts[0].Alert).ToString());

        subjects["firing-single"].ShouldBe("Pod cardboard/price-scraper-28487520-abc12");
        subjects["firing-node"].ShouldBe("Node k3s-agent-2");
        subjects["firing-group-truncated"].ShouldStartWith("Pod trade-bot/trade-bot-7d9f8b6c5-");
        subjects["firing-watchdog"].ShouldBe("Alert Watchdog");
        subjects["firing-hostile-text"].ShouldBe("Alert Überwachung \"☃\" <!channel> & <script>{namespace=\"a\nb\"}");
    }

    [Fact]
    public void ForAlertItself_OtherInstanceOfTheSame_IsTheSameSubject() =>
        AlertSubject.ForAlertItself(Alert("job=api instance=10.0.0.1:80 pod=a severity=warning prometheus_replica=r-0"))
            .ShouldBe(AlertSubject.ForAlertItself(Alert("pod=b job=api instance=10.0.0.2:80 severity=critical prometheus_replica=r-1")));

    [Theory]
    [InlineData("price-scraper-28487520-2n78x", true)]
    [InlineData("ip-10-0-0-1.eu-west-1.compute.internal", true)]
    [InlineData("a", true)]
    [InlineData("0", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("A", false)]
    [InlineData("a/b", false)]
    [InlineData("../secrets/x", false)]
    [InlineData("a%2fb", false)]
    [InlineData("a?b", false)]
    [InlineData("a\n", false)]
    [InlineData("a b", false)]
    [InlineData("ü", false)]
    [InlineData("a\0", false)]
    public void IsObjectName_Text_IsAnRfc1123Name(string text, bool expected) => AlertSubject.IsObjectName(text).ShouldBe(expected);

    [Theory]
    [InlineData(253, true)]
    [InlineData(254, false)]
    public void IsObjectName_Length_IsBounded(int length, bool expected) => AlertSubject.IsObjectName(new string('x', length)).ShouldBe(expected);

    private static Alert Alert(string labels) => Samples.Alert("01", name: "A", labels:
        [.. labels.Split(' ').Select(label => label.Split('=', 2)).Select(pair => (pair[0], pair[1]))]);
}
