using AlertResponder.Analysis.Rules;
using AlertResponder.Analysis.Rules.Pods;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Analysis;

public sealed class ImagePullTests
{
    private const string Image = "registry.example/cardboard/api:1.4.3";

    [Theory]
    [InlineData("failed to resolve reference \"registry.example/cardboard/api:1.4.3\": registry.example/cardboard/api:1.4.3: not found", "no such image or tag")]
    [InlineData("manifest for registry.example/cardboard/api:1.4.3 not found: manifest unknown", "no such image or tag")]
    [InlineData("unexpected status from HEAD request: 401 Unauthorized", "registry.example refuses access")]
    [InlineData("pull access denied, repository does not exist or may require authorization: server message: insufficient_scope", "registry.example refuses access")]
    [InlineData("dial tcp: lookup registry.example on 10.43.0.10:53: no such host", "the name registry.example does not resolve")]
    [InlineData("dial tcp 10.0.0.9:443: i/o timeout", "registry.example cannot be reached")]
    [InlineData("tls: failed to verify certificate: x509: certificate signed by unknown authority", "the certificate of registry.example is not accepted")]
    [InlineData("429 Too Many Requests - toomanyrequests: You have reached your pull rate limit", "the pull rate limit of registry.example is reached")]
    [InlineData("no match for platform in manifest: not found", "the image is not built for the node's architecture")]
    public void Diagnose_PullFails_TellsWhichWay(string message, string why)
    {
        var context = Given.Api("waiting", ("reason", "ErrImagePull"), ("message", message), ("image", Image)).Context();

        var rules = RulesEngine.Diagnose(context);

        rules.Diagnosis.Cause.ShouldBe($"api cannot start: {why}: {Image}");
        rules.Diagnosis.Confidence.ShouldBe(Confidence.High);
    }

    [Fact]
    public void Diagnose_BackOff_ReadsTheReasonFromTheEvents()
    {
        var context = Given.Api("waiting", ("reason", "ImagePullBackOff"), ("message", $"Back-off pulling image \"{Image}\""), ("image", Image))
            .Event("api-5d8f7c6b9-x2x4z", "Failed", $"Failed to pull image \"{Image}\": manifest unknown").Context();

        var rules = RulesEngine.Diagnose(context);

        rules.Diagnosis.Cause.ShouldContain("no such image or tag");
        rules.Diagnosis.Findings[0].EvidenceIds.ShouldBe(["e3", "e4"]);
    }

    [Fact]
    public void Diagnose_ImageNamedLikeAnAnswer_IsNotTakenForOne()
    {
        const string Odd = "registry.example/denied/not-found:401";
        var context = Given.Api("waiting", ("reason", "ImagePullBackOff"), ("message", $"Back-off pulling image \"{Odd}\""), ("image", Odd)).Context();

        var rules = RulesEngine.Diagnose(context);

        rules.Diagnosis.Cause.ShouldStartWith("api cannot start: the image cannot be pulled");
        rules.Diagnosis.Confidence.ShouldBe(Confidence.Medium);
    }

    [Fact]
    public void Diagnose_InvalidName_SaysSo() =>
        RulesEngine.Diagnose(Given.Api("waiting", ("reason", "InvalidImageName"), ("image", "Api:1:2")).Context())
            .Diagnosis.Cause.ShouldBe("api cannot start: the image name is not valid: Api:1:2");

    [Theory]
    [InlineData("waiting", "ContainerCreating")]
    [InlineData("running", "")]
    public void Diagnose_NoPullFailure_DoesNotFire(string state, string reason) =>
        RulesEngine.Diagnose(Given.Api(state, ("reason", reason), ("image", Image)).Context())
            .Diagnosis.Findings.ShouldNotContain(finding => finding.Rule == ImagePull.Name);

    [Fact]
    public void Diagnose_PulledAfterAll_IsRecovered() =>
        RulesEngine.Diagnose(Given.Api("running", ("ready", "true"), ("image", Image))
                .Event("api-5d8f7c6b9-x2x4z", "Failed", $"Failed to pull image \"{Image}\": manifest unknown").Context())
            .Diagnosis.Severity.ShouldBe(Severity.Info);
}
