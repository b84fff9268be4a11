using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AlertResponder.Tests.EndToEnd.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace AlertResponder.Tests.EndToEnd;

/// <summary>The servers that the end-to-end tests stand on do what those tests rely on.</summary>
public sealed class ServerTests(SharedServers servers)
{
    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal)
    {
        ["alertname"] = "KubePodCrashLooping",
        ["namespace"] = "shop",
        ["pod"] = "it's a \"pod\"",
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RabbitMq_PublishAndGet_MessageArrives()
    {
        var broker = await servers.RabbitMqAsync();
        var virtualHost = await broker.CreateVirtualHostAsync(Cancel);

        await PublishAsync(virtualHost.ConnectionString, "hello");
        await Eventually.ReadsAsync(
            virtualHost.QueuesAsync, queues => queues is [{ Name: "durable", Messages: 1, Ready: 1 }], "one message waits", cancellationToken: Cancel);

        (await GetAsync(virtualHost.ConnectionString)).ShouldBe("hello");
        await Eventually.ReadsAsync(
            virtualHost.QueuesAsync, queues => queues is [{ Name: "durable", Messages: 0 }], "the queue is empty", cancellationToken: Cancel);
        (await broker.DefaultVirtualHost.QueuesAsync(Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task RabbitMq_StoppedThenKilled_DurableMessageIsKept()
    {
        await using var broker = await RabbitMqServer.StartNewAsync(Cancel);
        await PublishAsync(broker.ConnectionString, "kept");

        await broker.StopAsync();
        broker.IsRunning.ShouldBeFalse();
        await Should.ThrowAsync<BrokerUnreachableException>(() => GetAsync(broker.ConnectionString));
        await broker.StartAsync(Cancel);
        (await GetAsync(broker.ConnectionString, acknowledge: false)).ShouldBe("kept");

        await broker.KillAsync();
        await Should.ThrowAsync<BrokerUnreachableException>(() => GetAsync(broker.ConnectionString));
        await broker.StartAsync(Cancel);
        (await GetAsync(broker.ConnectionString)).ShouldBe("kept");
    }

    [Fact]
    public async Task Postgres_TwoDatabases_EachIsItsOwn()
    {
        var server = await servers.PostgresAsync();
        var one = await server.CreateDatabaseAsync(cancellationToken: Cancel);
        var other = await server.CreateDatabaseAsync("na\"me", Cancel);

        await ExecuteAsync(one, "CREATE TABLE t (n int); INSERT INTO t VALUES (42)");

        (await ExecuteAsync(one, "SELECT n FROM t")).ShouldBe(42);
        (await ExecuteAsync(other, "SELECT to_regclass('t') IS NULL")).ShouldBe(true);
        (await ExecuteAsync(other, "SELECT current_database()::text")).ShouldBe("na\"me");
    }

    [Fact]
    public async Task Postgres_KilledAndStarted_CommittedRowIsKept()
    {
        await using var server = await PostgresServer.StartNewAsync(Cancel);
        var database = await server.CreateDatabaseAsync(cancellationToken: Cancel);
        await ExecuteAsync(database, "CREATE TABLE t (n int); INSERT INTO t VALUES (42)");
        // Nothing is synced here, so a crash may lose the last moments; a checkpoint makes them certain.
        await ExecuteAsync(database, "CHECKPOINT");

        await server.KillAsync();
        await Should.ThrowAsync<NpgsqlException>(() => ExecuteAsync(database, "SELECT 1"));

        await server.StartAsync(Cancel);
        (await ExecuteAsync(database, "SELECT n FROM t")).ShouldBe(42);
    }

    [Fact]
    public async Task Alertmanager_FiredAndResolved_PostsBothWithTheToken()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var alertmanager = await AlertmanagerServer.StartNewAsync(
            new AlertmanagerConfig(receiver.Url) { BearerToken = "it's secret" }, Cancel);

        await alertmanager.FireAsync(Labels, new Dictionary<string, string>(StringComparer.Ordinal) { ["summary"] = "down" }, cancellationToken: Cancel);
        var firing = await receiver.PostedAsync("firing", Cancel);
        firing.Authorization.ShouldBe("Bearer it's secret");
        firing.Body.GetProperty("externalURL").GetString().ShouldBe(alertmanager.Url.ToString().TrimEnd('/'));
        var alert = firing.Body.GetProperty("alerts").EnumerateArray().ShouldHaveSingleItem();
        alert.GetProperty("labels").Deserialize<Dictionary<string, string>>().ShouldBe(Labels, ignoreOrder: true);
        alert.GetProperty("annotations").GetProperty("summary").GetString().ShouldBe("down");

        await alertmanager.ResolveAsync(Labels, cancellationToken: Cancel);
        var resolved = await receiver.PostedAsync("resolved", Cancel);
        resolved.Body.GetProperty("alerts")[0].GetProperty("startsAt").GetString().ShouldBe(alert.GetProperty("startsAt").GetString());
    }

    [Fact]
    public async Task AlertmanagerPair_FiredAndResolvedAtBoth_OneOfThemPostsAtOnce()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var (first, second) = await AlertmanagerServer.StartPairAsync(new AlertmanagerConfig(receiver.Url), Cancel);
        await using var _ = first;
        await using var __ = second;

        await Task.WhenAll(first.FireAsync(Labels, cancellationToken: Cancel), second.FireAsync(Labels, cancellationToken: Cancel));
        await receiver.PostedAsync("firing", Cancel);

        await Task.WhenAll(first.ResolveAsync(Labels, cancellationToken: Cancel), second.ResolveAsync(Labels, cancellationToken: Cancel));
        await receiver.PostedAsync("resolved", Cancel);
        receiver.Posts.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Dispose_RunningServer_EndsItAndDeletesItsFolder()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var alertmanager = await AlertmanagerServer.StartNewAsync(new AlertmanagerConfig(receiver.Url), Cancel);
        Directory.Exists(alertmanager.Folder).ShouldBeTrue();

        await alertmanager.DisposeAsync();

        alertmanager.IsRunning.ShouldBeFalse();
        Directory.Exists(alertmanager.Folder).ShouldBeFalse();
    }

    [Fact]
    public async Task Start_ServerThatRefusesItsConfiguration_ThrowsWithItsOutput()
    {
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => AlertmanagerServer.StartNewAsync("route: none", Cancel));

        refused.Message.ShouldContain("alertmanager ended while starting");
        refused.Message.ShouldContain("cannot unmarshal");
    }

    [Fact]
    public async Task Eventually_NeverTrue_SaysWhatWasLastSeen()
    {
        var looks = 0;

        var late = await Should.ThrowAsync<TimeoutException>(() => Eventually.ReadsAsync(
            _ => Task.FromResult(new { Looks = ++looks }), _ => false, "it never is", TimeSpan.FromMilliseconds(200), Cancel));

        looks.ShouldBeGreaterThan(1);
        late.Message.ShouldContain("it never is");
        late.Message.ShouldContain($"{{\"Looks\":{looks}}}");
    }

    private static async Task PublishAsync(string connectionString, string text)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(connectionString) }.CreateConnectionAsync(Cancel);
        // With confirmations tracked a publish returns once the broker has the message on disk.
        var confirmed = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        await using var channel = await connection.CreateChannelAsync(confirmed, Cancel);
        await channel.QueueDeclareAsync("durable", durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancel);
        await channel.BasicPublishAsync(
            "", "durable", mandatory: true, new BasicProperties { Persistent = true }, Encoding.UTF8.GetBytes(text), Cancel);
    }

    private static async Task<string?> GetAsync(string connectionString, bool acknowledge = true)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(connectionString) }.CreateConnectionAsync(Cancel);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancel);
        var message = await channel.BasicGetAsync("durable", autoAck: acknowledge, Cancel);
        return message is null ? null : Encoding.UTF8.GetString(message.Body.Span);
    }

    private static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancel);
    }

    private sealed record Post(string? Authorization, JsonElement Body);

    /// <summary>Takes what Alertmanager posts.</summary>
    private sealed class WebhookReceiver : IAsyncDisposable
    {
        private readonly WebApplication app;

        private WebhookReceiver(WebApplication app) => this.app = app;

        public Uri Url => new(app.Urls.Single() + "/hook");

        public ConcurrentQueue<Post> Posts { get; } = new();

        public static async Task<WebhookReceiver> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var built = builder.Build();
            var receiver = new WebhookReceiver(built);
            built.MapPost("/hook", async (HttpRequest request) => receiver.Posts.Enqueue(new Post(
                request.Headers.Authorization,
                await request.ReadFromJsonAsync<JsonElement>(Cancel))));
            await built.StartAsync(Cancel);
            return receiver;
        }

        public async Task<Post> PostedAsync(string status, CancellationToken cancellationToken)
        {
            var posts = await Eventually.ReadsAsync(
                _ => Task.FromResult(Posts.ToArray()), posted => posted.Any(IsIt), $"a {status} webhook", cancellationToken: cancellationToken);
            return posts.First(IsIt);

            bool IsIt(Post post) => post.Body.GetProperty("status").GetString() == status;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
