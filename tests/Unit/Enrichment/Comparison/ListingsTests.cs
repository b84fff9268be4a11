using System.Net;
using System.Net.Http.Json;
using AlertResponder.Connections.Alertmanager;
using AlertResponder.Contracts;
using AlertResponder.Enrichment.Comparison;
using AlertResponder.Resilience;
using AlertResponder.Tests.Unit.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AlertResponder.Tests.Unit.Enrichment.Comparison;

public sealed class ListingsTests : IDisposable
{
    private static readonly Uri Address = new("http://alertmanager.model:9093/");

    private readonly FastTime time = new();
    private readonly Answers answers = new();
    private readonly HttpClient http;
    private readonly Listings listings;

    public ListingsTests()
    {
        http = new HttpClient(answers);
        var options = Options.Create(new AlertmanagerOptions());
        var upstream = new Upstream(UpstreamPolicies.AlertmanagerListings, time, NullLogger<Upstream>.Instance);
        listings = new Listings(new AlertmanagerClient(http, options), upstream, options, time, NullLogger<Listings>.Instance);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => http.Dispose();

    [Fact]
    public async Task Ask_OthersCannotBeAsked_IsAskedWhenTheirPauseEnds()
    {
        answers.Give = request => request.RequestUri!.Host.StartsWith("away", StringComparison.Ordinal) ? throw new HttpRequestException("no route") : null;
        for (var i = 0; i < 3; i++)
        {
            (await listings.AskAsync(new Uri($"http://away-{i}:9093/"), Cancellation)).ShouldBeNull();
        }

        (await listings.AskAsync(Address, Cancellation)).ShouldBeNull("all are paused");

        await Eventually.TrueAsync(async () => await listings.AskAsync(Address, Cancellation) is not null, "the pause ends");
    }

    [Fact]
    public async Task Ask_AnswerHasNoEnd_IsReadOnceAndNotToTheEnd()
    {
        answers.Give = _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new Endless()) };

        (await listings.AskAsync(Address, Cancellation)).ShouldBeNull();

        answers.Requests.ShouldBe(1, "the next answer is as long");
    }

    [Fact]
    public async Task Ask_AnswerHasNulls_IsReadWithoutThem()
    {
        const string json = """
            [null,
             {"fingerprint":"01","startsAt":"2026-11-22T02:00:00Z","updatedAt":"2026-11-22T02:01:00Z","labels":{"a":null,"alertname":"X"},"annotations":{"b":null,"summary":"y"},
              "receivers":[null,{"name":null},{"name":"hook"}],"status":{"state":"active","mutedBy":[null]}},
             {"fingerprint":null,"startsAt":"2026-11-22T02:00:00Z","labels":null,"annotations":null,"receivers":null,"status":null}]
            """;
        answers.Give = request => request.RequestUri!.AbsolutePath == "/api/v2/status" ? null : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(json) };

        var listing = (await listings.AskAsync(Address, Cancellation)).ShouldNotBeNull();

        listing.Alerts.Count.ShouldBe(2);
        var alert = listing.Alerts[0];
        alert.Labels.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["alertname"] = "X" });
        alert.Annotations.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["summary"] = "y" });
        alert.Receivers.ShouldBe([new ListedReceiver("hook")]);
        ComparisonRule.Decide([], [], listing, time.GetUtcNow(), TimeSpan.FromMinutes(2), _ => false, SeverityWords.Shipped).Unknown.ShouldBeEmpty();
    }

    private sealed class Answers : HttpMessageHandler
    {
        public Func<HttpRequestMessage, HttpResponseMessage?> Give { get; set; } = _ => null;

        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            return Task.FromResult(Give(request) ?? new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = request.RequestUri!.AbsolutePath == "/api/v2/status" ? JsonContent.Create(new { uptime = DateTimeOffset.UnixEpoch }) : JsonContent.Create(Array.Empty<string>()),
            });
        }
    }

    private sealed class Endless : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)' ');
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
