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
    [InlineData("namespace=a poddisruptionbudget=x", "PodDisruptionBudget a/x")]
    [InlineData("namespace=a resourcequota=x resource=pods", "ResourceQuota a/x")]
    [InlineData("persistentvolume=pvc-1 phase=Failed", "PersistentVolume pvc-1")]
    [InlineData("namespace=a workload=x workload_type=statefulset", "StatefulSet a/x")]
    [InlineData("namespace=a workload=x workload_type=galaxy", "Alert A{namespace=\"a\", workload=\"x\", workload_type=\"galaxy\"}")]
    [InlineData("namespace=a service=x", "Service a/x")]
    [InlineData("namespace=a job=x", "Alert A{job=\"x\", namespace=\"a\"}")]
    [InlineData("namespace=a pod=", "Alert A{namespace=\"a\"}")]
    [InlineData("namespace=a pod=../secrets/x", "Alert A{namespace=\"a\"}")]
    [InlineData("namespace=../../ns pod=x", "Alert A{namespace=\"../../ns\"}")]
    [InlineData("node=../../api", "Alert A{node=\"../../api\"}")]
    public void For_Labels_NameTheSickThing(string labels, string expected) => AlertSubject.For(Alert(labels)).ToString().ShouldBe(expected);

    /// <summary>The labels that kube-state-metrics' own target has, and what a metric adds: with honor_labels, without, and aggregated.</summary>
    [Theory]
    [InlineData("namespace=monitoring pod=ksm-kube-state-metrics-1 container=kube-state-metrics node=w1", "Node w1")]
    [InlineData("namespace=monitoring pod=renamed-1 container=kube-state-metrics node=w1", "Node w1")]
    [InlineData("namespace=monitoring pod=ksm-kube-state-metrics-1 container=kube-state-metrics persistentvolume=pv", "PersistentVolume pv")]
    [InlineData("namespace=shop pod=ksm-kube-state-metrics-1 container=kube-state-metrics deployment=checkout", "Deployment shop/checkout")]
    [InlineData("namespace=shop pod=checkout-1 container=app uid=1", "Pod shop/checkout-1")]
    [InlineData("namespace=shop pod=checkout-1 container=kube-state-metrics node=w1 uid=1", "Pod shop/checkout-1")]
    [InlineData("namespace=monitoring pod=ksm-kube-state-metrics-1 container=kube-state-metrics uid=1", "Pod monitoring/ksm-kube-state-metrics-1")]
    [InlineData("namespace=shop pod=ksm-kube-state-metrics-1 container=kube-state-metrics phase=Terminating", "Alert A{job=\"kube-state-metrics\", namespace=\"shop\", phase=\"Terminating\"}")]
    [InlineData("exported_namespace=shop exported_pod=checkout-1 exported_container=app namespace=monitoring pod=ksm-1 container=kube-state-metrics", "Pod shop/checkout-1")]
    [InlineData("exported_namespace=shop deployment=checkout namespace=monitoring pod=ksm-1 container=kube-state-metrics", "Deployment shop/checkout")]
    [InlineData("exported_namespace=shop exported_pod=checkout-1 exported_node=w2 node=w1 namespace=monitoring pod=ksm-1", "Pod shop/checkout-1")]
    [InlineData("exported_node=w2 node=w1 namespace=monitoring pod=ksm-1 container=kube-state-metrics", "Node w2")]
    public void For_SeriesOfKubeStateMetrics_IsNeverTheObserver(string labels, string expected) =>
        AlertSubject.For(Alert($"{labels} endpoint=http instance=10.42.0.12:8080 job=kube-state-metrics service=kube-state-metrics")).ToString().ShouldBe(expected);

    [Theory]
    [InlineData("namespace=shop pod=x-1 container=app uid=1 instance=a:1 job=kube-state-metrics", "Pod shop/x-1")]
    [InlineData("exported_namespace=shop exported_pod=x-1 namespace=monitoring pod=y-1 instance=a:1 job=kube-state-metrics", "Pod shop/x-1")]
    [InlineData("namespace=monitoring pod=kube-state-metrics-1 container=kube-state-metrics daemonset=x instance=a:1 job=kube-state-metrics", null)]
    [InlineData("namespace=monitoring pod=node-exporter-1 instance=a:1 job=node-exporter", null)]
    [InlineData("pod=x-1", null)]
    [InlineData("namespace=a pod=../x", null)]
    public void PodOf_Labels_IsNeverTheExporters(string labels, string? expected) => (AlertSubject.PodOf(Alert(labels))?.ToString()).ShouldBe(expected);

    [Fact]
    public void For_SeriesWithoutItsJob_IsNeverTheObserver() =>
        AlertSubject.For(Alert("container=kube-state-metrics endpoint=http namespace=shop pod=kube-state-metrics-1 resource=pods resourcequota=q service=kube-state-metrics"))
            .ShouldBe(new Subject("ResourceQuota", "shop", "q"));

    [Theory]
    [InlineData("job=node-exporter", "Host 10.0.0.5")]
    [InlineData("job=node-exporter node=w1", "Node w1")]
    [InlineData("job=node", "Host 10.0.0.5")]
    [InlineData("job=kubernetes-service-endpoints service=prometheus-node-exporter", "Host 10.0.0.5")]
    [InlineData("job=kubernetes-service-endpoints app_kubernetes_io_name=prometheus-node-exporter", "Host 10.0.0.5")]
    [InlineData("job=windows-exporter", "Host 10.0.0.5")]
    [InlineData("job=app", "Pod monitoring/x-1")]
    public void For_SeriesOfANodeExporter_IsTheMachine(string labels, string expected) =>
        AlertSubject.For(Alert($"{labels} instance=10.0.0.5:9100 namespace=monitoring pod=x-1 container=node-exporter endpoint=metrics device=eth0")).ToString().ShouldBe(expected);

    [Theory]
    [InlineData("instance=10.0.0.5:9100", "Host 10.0.0.5")]
    [InlineData("instance=nas.example:9100", "Host nas.example")]
    [InlineData("instance=WIN-1:9182", "Host win-1")]
    [InlineData("instance=10.0.0.5:8080", "Alert A")]
    [InlineData("instance=10.0.0.5:9100 job=app", "Alert A{job=\"app\"}")]
    [InlineData("instance=../../x:9100", "Alert A")]
    public void For_InstanceAlone_IsTheMachineByThePortOfItsExporter(string labels, string expected) => AlertSubject.For(Alert(labels)).ToString().ShouldBe(expected);

    [Theory]
    [InlineData("node=w1", "Node w1")]
    [InlineData("", "Host 10.0.0.5")]
    [InlineData("node=w1 persistentvolumeclaim=data", "PersistentVolumeClaim kube-system/data")]
    [InlineData("node=w1 pod=x-1 container=node-exporter", "Pod kube-system/x-1")]
    public void For_SeriesOfTheKubelet_IsTheNodeUnlessAnObjectIsNamed(string labels, string expected) =>
        AlertSubject.For(Alert($"{labels} endpoint=https instance=10.0.0.5:10250 job=kubelet namespace=kube-system service=kubelet".TrimStart())).ToString().ShouldBe(expected);

    [Fact]
    public void For_WhatTellsOfItself_IsItsPodWhateverItsLabelsAreNamed() =>
        AlertSubject.For(Alert("namespace=shop pod=x-1 job=app instance=10.0.0.9:80 deployment=production cronjob=nightly")).ShouldBe(new Subject("Pod", "shop", "x-1"));

    [Theory]
    [InlineData("KubeAPIDown", "", "Component kube-system/kube-apiserver")]
    [InlineData("KubeAPIErrorBudgetBurn", "long=1h short=5m", "Component kube-system/kube-apiserver")]
    [InlineData("A", "job=apiserver instance=10.0.0.2:6443 namespace=default service=kubernetes", "Component kube-system/kube-apiserver")]
    [InlineData("KubeSchedulerDown", "", "Component kube-system/kube-scheduler")]
    [InlineData("A", "job=kube-scheduler namespace=kube-system pod=kube-scheduler-s1 instance=x:1", "Component kube-system/kube-scheduler")]
    [InlineData("KubeControllerManagerDown", "", "Component kube-system/kube-controller-manager")]
    [InlineData("etcdNoLeader", "job=kube-etcd instance=x:1 namespace=kube-system", "Component kube-system/etcd")]
    [InlineData("etcdNoLeader", "job=etcd namespace=db pod=patroni-etcd-0 instance=x:1", "Pod db/patroni-etcd-0")]
    [InlineData("KubeProxyDown", "", "Component kube-system/kube-proxy")]
    [InlineData("KubeletDown", "", "Component kube-system/kubelet")]
    [InlineData("TargetDown", "job=kubelet namespace=kube-system service=kubelet", "Component kube-system/kubelet")]
    [InlineData("TargetDown", "job=node-exporter namespace=monitoring service=node-exporter", "Service monitoring/node-exporter")]
    [InlineData("KubeStateMetricsListErrors", "", "Component kube-state-metrics")]
    [InlineData("PrometheusOperatorListErrors", "namespace=monitoring controller=alertmanager", "Component monitoring/prometheus-operator")]
    [InlineData("KubeAggregatedAPIDown", "name=v1beta1.metrics.k8s.io namespace=default", "APIService v1beta1.metrics.k8s.io")]
    [InlineData("KubeCPUOvercommit", "", "Alert KubeCPUOvercommit")]
    public void For_PartOfTheCluster_IsThatPart(string name, string labels, string expected) => AlertSubject.For(Alert(labels, name)).ToString().ShouldBe(expected);

    [Theory]
    [InlineData("CertManagerCertExpirySoon", "exported_namespace=shop namespace=cert-manager name=tls", "Certificate shop/tls")]
    [InlineData("A", "exported_namespace=shop namespace=cert-manager pod=cert-manager-1 name=tls job=cert-manager instance=x:9402", "Certificate shop/tls")]
    [InlineData("A", "namespace=shop pod=cert-manager-1 container=cert-manager-controller name=tls job=cert-manager instance=x:9402", "Certificate shop/tls")]
    [InlineData("CertManagerAbsent", "job=cert-manager", "Alert CertManagerAbsent{job=\"cert-manager\"}")]
    [InlineData("A", "namespace=shop name=tls", "Alert A{name=\"tls\", namespace=\"shop\"}")]
    [InlineData("A", "volume=pvc-1 pvc=data pvc_namespace=shop node=w1 job=longhorn-backend namespace=longhorn-system pod=longhorn-manager-1 instance=x:1", "PersistentVolumeClaim shop/data")]
    [InlineData("A", "volume=pvc-1 pvc= pvc_namespace= node=w1 job=longhorn-backend namespace=longhorn-system pod=longhorn-manager-1 instance=x:1", "Volume longhorn-system/pvc-1")]
    [InlineData("LonghornVolumeFaulted", "volume=pvc-1", "Volume longhorn-system/pvc-1")]
    [InlineData("LonghornDiskFull", "disk=d1 node=w1 namespace=longhorn-system pod=longhorn-manager-1", "Node w1")]
    [InlineData("A", "namespace=longhorn-system pod=longhorn-manager-1 container=longhorn-manager node=w1", "Pod longhorn-system/longhorn-manager-1")]
    public void For_ResourceOfAnOperator_IsTheResource(string name, string labels, string expected) => AlertSubject.For(Alert(labels, name)).ToString().ShouldBe(expected);

    [Fact]
    public void For_Probe_IsTheProbedAddress() =>
        AlertSubject.For(Alert("instance=https://shop.example job=blackbox namespace=monitoring pod=blackbox-exporter-1")).ToString()
            .ShouldBe("Alert A{instance=\"https://shop.example\", job=\"blackbox\", namespace=\"monitoring\"}");

    [Theory]
    [InlineData("10.0.0.5:9100", "10.0.0.5")]
    [InlineData("[2001:db8::1]:9100", "2001:db8::1")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("worker-1", "worker-1")]
    [InlineData("Worker-1.Example:9100", "worker-1.example")]
    [InlineData("https://shop.example/x", null)]
    [InlineData("[", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void OfInstance_Address_IsTheHost(string? instance, string? expected) => HostNames.OfInstance(instance).ShouldBe(expected);

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

    private static Alert Alert(string labels, string name = "A") => Samples.Alert("01", name: name, labels:
        [.. labels.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(label => label.Split('=', 2)).Select(pair => (pair[0], pair[1]))]);
}
