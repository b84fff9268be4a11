using System.Text.Json;
using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Tests.Unit.Incidents;

public sealed class StoredJsonTests
{
    public static TheoryData<object> Messages =>
    [
        Samples.Alert("636219f2fccf1c5f", AlertStatus.Resolved, "Überwachung \"☃\" <!channel> & 🚨", labels: ("Namespace", "a\nb")).Received(),
        Samples.Alert("636219f2fccf1c5f").Received() with { ExternalUrl = null },
        Samples.Context(new Guid("0198c0de-0000-7000-8000-000000000001")),
        Samples.Analysis(new Guid("0198c0de-0000-7000-8000-000000000001"), modelUnavailable: "Bedrock is paused."),
        new RemediationCompleted(Guid.Empty, Guid.NewGuid(), RemediationOutcome.Undone, "r", "256Mi → 512Mi", "U123", Samples.Start),
    ];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Read_WhatWasWritten_IsTheSame(object message)
    {
        var json = (string)Invoke(nameof(StoredJson.Write), message.GetType(), message);

        var read = Invoke(nameof(StoredJson.Read), message.GetType(), json);

        read.ShouldBeEquivalentTo(message);
    }

    [Fact]
    public void Write_Enums_AreNames() =>
        StoredJson.Write(Samples.Analysis(Guid.Empty)).ShouldContain("\"severity\":\"Critical\"");

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"alert\":")]
    public void Read_NoSuchMessage_Throws(string json) => Should.Throw<JsonException>(() => StoredJson.Read<AlertReceived>(json));

    // A newer version is taken back while what it has written is still there.
    [Fact]
    public void Read_KindOfEvidenceThatANewerVersionHas_IsOther() =>
        StoredJson.Read<ContextEnriched>(StoredJson.Write(Samples.Context(Guid.Empty)).Replace("\"Container\"", "\"Quantum\"", StringComparison.Ordinal))
            .Evidence.Select(evidence => evidence.Kind).ShouldBe([EvidenceKind.Other, EvidenceKind.Node]);

    [Fact]
    public void TryRead_CannotBeRead_IsNull()
    {
        StoredJson.TryRead<AnalysisCompleted>(StoredJson.Write(Samples.Analysis(Guid.Empty)).Replace("\"Critical\"", "\"Catastrophic\"", StringComparison.Ordinal)).ShouldBeNull();
        StoredJson.TryRead<AnalysisCompleted>(null).ShouldBeNull();
        StoredJson.TryRead<AnalysisCompleted>(StoredJson.Write(Samples.Analysis(Guid.Empty))).ShouldNotBeNull();
    }

    private static object Invoke(string method, Type type, object argument) =>
        typeof(StoredJson).GetMethod(method)!.MakeGenericMethod(type).Invoke(null, [argument])!;
}
