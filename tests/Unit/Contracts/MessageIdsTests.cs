using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Contracts;

public sealed class MessageIdsTests
{
    private static readonly Guid IncidentId = Guid.Parse("0193f6f0-0000-7000-8000-000000000001");

    [Fact]
    public void For_SameParts_IsTheSameId() => MessageIds.For(IncidentId, 1, "ContextEnriched").ShouldBe(MessageIds.For(IncidentId, 1, "ContextEnriched"));

    // A message that is in a queue while the application is updated must be known by its id after.
    [Fact]
    public void For_KnownParts_NeverChanges()
    {
        MessageIds.For(IncidentId, 1, "ContextEnriched").ShouldBe(Guid.Parse("2a11b54b-b5b5-7160-6272-5e91753f189e"));
        MessageIds.For("a", "bc").ShouldBe(Guid.Parse("87a51053-7888-b21a-5d5a-d7c3f8503582"));
        MessageIds.For(Alert()).ShouldBe(Guid.Parse("3fc5f60d-4adf-b92c-8ca7-000edb3b0db3"));
    }

    [Fact]
    public void For_OtherParts_AreOtherIds()
    {
        Guid[] ids =
        [
            MessageIds.For(IncidentId, 1, "ContextEnriched"), MessageIds.For(IncidentId, 2, "ContextEnriched"), MessageIds.For(IncidentId, 1, "AnalysisCompleted"),
            MessageIds.For(Guid.Empty, 1, "ContextEnriched"), MessageIds.For(IncidentId, 1), MessageIds.For(1, IncidentId), MessageIds.For(IncidentId), MessageIds.For("a", "b"), MessageIds.For("b", "a"),
        ];

        ids.Distinct().Count().ShouldBe(ids.Length);
    }

    [Fact]
    public void For_PartsThatReadTheSameTogether_AreOtherIds()
    {
        Guid[] ids = [MessageIds.For("a", "bc"), MessageIds.For("ab", "c"), MessageIds.For("abc"), MessageIds.For("", "abc"), MessageIds.For("abc", ""), MessageIds.For("1:a", "bc"), MessageIds.For("a2:bc")];

        ids.Distinct().Count().ShouldBe(ids.Length);
    }

    [Fact]
    public void For_OneThousandRevisions_NeverMeet() =>
        Enumerable.Range(0, 1_000).Select(revision => MessageIds.For(IncidentId, revision)).Distinct().Count().ShouldBe(1_000);

    [Fact]
    public void For_AlertRepeated_IsTheSameWhateverItsTexts() =>
        MessageIds.For(Alert() with { Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["value"] = "2" }, GeneratorUrl = "http://other-replica" })
            .ShouldBe(MessageIds.For(Alert()));

    [Fact]
    public void For_AlertOfAnotherTimeZone_IsTheSame() =>
        MessageIds.For(Alert() with { StartsAt = Alert().StartsAt.ToOffset(TimeSpan.FromHours(2)) }).ShouldBe(MessageIds.For(Alert()));

    [Fact]
    public void For_AlertResolvedOrFiringAgain_IsAnotherId()
    {
        Guid[] ids =
        [
            MessageIds.For(Alert()), MessageIds.For(Alert() with { Status = AlertStatus.Resolved }), MessageIds.For(Alert() with { StartsAt = Alert().StartsAt.AddMicroseconds(1) }),
            MessageIds.For(Alert() with { Fingerprint = "fedcba9876543210" }),
        ];

        ids.Distinct().Count().ShouldBe(ids.Length);
    }

    private static Alert Alert() => new(
        "0123456789abcdef",
        AlertStatus.Firing,
        new Dictionary<string, string>(StringComparer.Ordinal),
        new Dictionary<string, string>(StringComparer.Ordinal),
        new DateTimeOffset(2026, 11, 22, 2, 13, 0, TimeSpan.Zero),
        null,
        null);
}
