using System.Diagnostics;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Tracing;

public sealed class TracesTests : IDisposable
{
    private static readonly Guid Incident = Guid.Parse("0199c0de-0000-7000-8000-000000000001");

    private readonly HeardSpans heard = new();

    public void Dispose() => heard.Dispose();

    [Fact]
    public void Begin_WithinAnotherSpan_BeginsATraceOfItsOwn()
    {
        using var outer = HeardSpans.Begin();
        using var span = Traces.Begin("click").ShouldNotBeNull();

        (span.ParentSpanId, span.Kind).ShouldBe((default, ActivityKind.Server));
        span.TraceId.ShouldNotBe(outer.TraceId);
    }

    [Fact]
    public void Continue_WhatARowHasKept_IsItsChildWhateverIsUnderWay()
    {
        string? kept;
        ActivityContext writer;
        using (var span = HeardSpans.Begin())
        {
            (kept, writer) = (Traces.Current, span.Context);
        }

        using var other = HeardSpans.Begin();
        var begun = DateTimeOffset.UnixEpoch.AddDays(20_000);
        using var next = Traces.Continue("next", kept, Incident, begun).ShouldNotBeNull();

        (next.TraceId, next.ParentSpanId).ShouldBe((writer.TraceId, writer.SpanId));
        next.StartTimeUtc.ShouldBe(begun.UtcDateTime);
        next.GetTagItem(Traces.IncidentId).ShouldBe(Incident.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    public void Continue_NothingKept_BeginsATrace(string? traceparent)
    {
        Activity.Current = null;
        using var span = Traces.Continue("next", traceparent).ShouldNotBeNull();

        span.ParentSpanId.ShouldBe(default);
        span.GetTagItem(Traces.IncidentId).ShouldBeNull();
    }

    [Fact]
    public void Link_AnotherTrace_IsLinkedAndItsOwnIsNot()
    {
        string? other;
        using (HeardSpans.Begin())
        {
            other = Traces.Current;
        }

        using var span = HeardSpans.Begin();
        Traces.Link(Traces.Current);
        Traces.Link(null);
        Traces.Link(other);

        span.Links.ShouldHaveSingleItem().Context.SpanId.ShouldBe(ActivityContext.Parse(other!, null).SpanId);
    }
}
