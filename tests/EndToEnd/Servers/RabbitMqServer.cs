using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Serialization;
using DotNet.Testcontainers.Containers;
using Testcontainers.RabbitMq;

namespace AlertResponder.Tests.EndToEnd.Servers;

/// <summary>A RabbitMQ broker of its own (user and password guest unless told otherwise), with the management API for what tests ask about it.</summary>
public sealed class RabbitMqServer : InstalledServer
{
    private const string Script = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const string ControlScript = "/usr/lib/rabbitmq/bin/rabbitmqctl";
    private const string Image = "rabbitmq:3-management";
    private const int ManagementPort = 15672; // of the image
    private readonly int port;
    private readonly string user;
    private readonly string password;
    private readonly int managementPort = FreePort.Next();
    private readonly int distributionPort = FreePort.Next();
    private readonly int portMapperPort = FreePort.Next();
    private readonly string nodeName = $"alert-responder-{Guid.NewGuid():N}@localhost";
    private ChildProcess? portMapper;

    private RabbitMqServer(int port, string user, string password)
        : base("rabbitmq", "RabbitMQ", "rabbitmq-server")
    {
        this.port = port;
        this.user = user;
        this.password = password;
    }

    /// <summary>The default virtual host.</summary>
    public RabbitMqVirtualHost DefaultVirtualHost => new(this, "/");

    /// <summary><c>amqp://user:password@127.0.0.1:port/</c>: the default virtual host.</summary>
    public string ConnectionString => ConnectionStringOf("/");

    /// <summary>A running broker that is the caller's alone, to stop and kill at will. Dispose it.</summary>
    public static Task<RabbitMqServer> StartNewAsync(CancellationToken cancellationToken = default)
        => StartNewAsync(FreePort.Next(), "guest", "guest", cancellationToken);

    /// <summary>One on a given port, with a user of the caller's.</summary>
    public static Task<RabbitMqServer> StartNewAsync(int port, string user, string password, CancellationToken cancellationToken = default)
        => StartedAsync(new RabbitMqServer(port, user, password), cancellationToken);

    /// <summary>A new virtual host: what a test does in it, others on the same broker don't see.</summary>
    public async Task<RabbitMqVirtualHost> CreateVirtualHostAsync(CancellationToken cancellationToken = default)
    {
        var name = $"test-{Guid.NewGuid():N}";
        await PutAsync($"vhosts/{name}", new { }, cancellationToken);
        await PutAsync($"permissions/{name}/{user}", new { configure = ".*", write = ".*", read = ".*" }, cancellationToken);
        return new RabbitMqVirtualHost(this, name);
    }

    /// <summary>Raises the memory alarm, by which the broker blocks all who publish; or ends it.</summary>
    public Task BlockPublishersAsync(bool block, CancellationToken cancellationToken = default)
    {
        string[] command = ["set_vm_memory_high_watermark", block ? "0.0000001" : "0.6"];
        return Container is null
            ? ChildProcess.RunAsync(ControlScript, ["-n", nodeName, .. command], Folder, TimeSpan.FromSeconds(60), cancellationToken, [.. Environment(), new("RABBITMQ_CONF_ENV_FILE", Path.Combine(Folder, "none"))])
            : Container.ExecuteAsync(["rabbitmqctl", .. command], cancellationToken);
    }

    internal string ConnectionStringOf(string virtualHost)
        => $"amqp://{user}:{password}@127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/{(virtualHost == "/" ? "" : virtualHost)}";

    internal async Task<IReadOnlyList<QueueDepth>> QueuesOfAsync(string virtualHost, CancellationToken cancellationToken)
    {
        var path = $"queues/{Uri.EscapeDataString(virtualHost)}?disable_stats=true&enable_queue_totals=true";
        using var request = Request(HttpMethod.Get, path);
        using var response = await Http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<List<QueueDepth>>(cancellationToken) ?? [];
    }

    private protected override async Task<IServerRun?> LaunchInstalledAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Script))
            return null;

        var configuration = Path.Combine(Folder, "rabbitmq.conf");
        await File.WriteAllTextAsync(configuration, Listeners() + Configuration(), cancellationToken);
        var plugins = Path.Combine(Folder, "enabled_plugins");
        await File.WriteAllTextAsync(plugins, "[rabbitmq_management].", cancellationToken);

        // Erlang's port mapper. Left to itself the broker starts one as a daemon that outlives it; a child of ours can be ended.
        if (portMapper is null or { HasExited: true })
            portMapper = ChildProcess.Start("epmd", [], Folder, Log, Environment());

        // The script itself, not /usr/sbin/rabbitmq-server, which changes the user and reads the machine's configuration.
        return ChildProcess.Start(
            Script,
            [],
            Folder,
            Log,
            [
                .. Environment(),
                new("RABBITMQ_CONF_ENV_FILE", Path.Combine(Folder, "none")),
                new("RABBITMQ_CONFIG_FILE", configuration),
                new("RABBITMQ_ENABLED_PLUGINS_FILE", plugins),
                new("RABBITMQ_MNESIA_BASE", Path.Combine(Folder, "mnesia")),
                new("RABBITMQ_LOG_BASE", Path.Combine(Folder, "log")),
                new("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}"),
                // So that the script becomes the broker instead of waiting on it: its process id is the broker's.
                new("RUNNING_UNDER_SYSTEMD", "true"),
            ]);
    }

    private protected override IContainer BuildContainer()
        => new RabbitMqBuilder(Image)
            .WithPortBinding(port, RabbitMqBuilder.RabbitMqPort)
            .WithPortBinding(managementPort, ManagementPort)
            .WithUsername(user)
            .WithPassword(password)
            .WithHostname("rabbitmq") // which its data are named after
            .WithResourceMapping(Encoding.UTF8.GetBytes(Configuration()), "/etc/rabbitmq/conf.d/99-tests.conf")
            .Build();

    private protected override async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        var listener = Container is null ? port : RabbitMqBuilder.RabbitMqPort;
        using var request = Request(HttpMethod.Get, "health/checks/port-listener/" + listener.ToString(CultureInfo.InvariantCulture));
        using var response = await Http.SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode;
    }

    private protected override async Task EndAsync()
    {
        await base.EndAsync();
        if (portMapper is not null)
            await portMapper.KillAsync();
    }

    private KeyValuePair<string, string>[] Environment() =>
    [
        new("RABBITMQ_NODENAME", nodeName),
        new("RABBITMQ_DIST_PORT", distributionPort.ToString(CultureInfo.InvariantCulture)),
        new("RABBITMQ_LOGS", "-"),
        new("ERL_EPMD_PORT", portMapperPort.ToString(CultureInfo.InvariantCulture)),
        new("ERL_EPMD_ADDRESS", "127.0.0.1"),
    ];

    private string Listeners() => string.Create(CultureInfo.InvariantCulture, $"""
        listeners.tcp.1 = 127.0.0.1:{port}
        management.tcp.ip = 127.0.0.1
        management.tcp.port = {managementPort}

        """);

    // Queue totals are as old as the statistics interval; the broker's own default is 5 s.
    private string Configuration() => string.Create(CultureInfo.InvariantCulture, $"""
        management_agent.disable_metrics_collector = true
        collect_statistics_interval = 250
        default_user = {user}
        default_pass = {password}
        disk_free_limit.absolute = 1MB
        log.console.level = info

        """);

    private async Task PutAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Put, path);
        request.Content = JsonContent.Create(body);
        using var response = await Http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
        => new(method, $"http://127.0.0.1:{managementPort.ToString(CultureInfo.InvariantCulture)}/api/{path}")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))) },
        };
}

/// <summary>A virtual host of a broker: exchanges and queues of its own.</summary>
public sealed class RabbitMqVirtualHost
{
    private readonly RabbitMqServer server;

    internal RabbitMqVirtualHost(RabbitMqServer server, string name)
    {
        this.server = server;
        Name = name;
    }

    public string Name { get; }

    /// <summary><c>amqp://user:password@127.0.0.1:port/name</c>.</summary>
    public string ConnectionString => server.ConnectionStringOf(Name);

    /// <summary>Its queues and how many messages they hold, about a quarter of a second old.</summary>
    public Task<IReadOnlyList<QueueDepth>> QueuesAsync(CancellationToken cancellationToken = default)
        => server.QueuesOfAsync(Name, cancellationToken);
}

/// <summary>How full a queue is, as the management API has it.</summary>
/// <param name="Name">The queue.</param>
/// <param name="Messages">All its messages.</param>
/// <param name="Ready">Those that wait for a consumer.</param>
/// <param name="Unacknowledged">Those that a consumer has and has not acknowledged.</param>
public sealed record QueueDepth(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("messages")] int Messages,
    [property: JsonPropertyName("messages_ready")] int Ready,
    [property: JsonPropertyName("messages_unacknowledged")] int Unacknowledged);
