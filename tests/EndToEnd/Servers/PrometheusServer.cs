using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DotNet.Testcontainers.Containers;

namespace AlertResponder.Tests.EndToEnd.Servers;

/// <summary>A Prometheus of its own that scrapes one target every second.</summary>
public sealed class PrometheusServer : InstalledServer
{
    private const string Image = "prom/prometheus:v3.1.0";
    private readonly int port = FreePort.Next();
    private readonly Uri target;

    private PrometheusServer(Uri target)
        : base("prometheus", "Prometheus", "prometheus") => this.target = target;

    private Uri Url => new($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/");

    private string Configuration =>
        $$"""
        global: {scrape_interval: 1s, scrape_timeout: 1s}
        scrape_configs: [{job_name: alert-responder, static_configs: [{targets: ["{{target.Authority}}"]}]}]
        """;

    /// <summary>A running Prometheus that scrapes <c>/metrics</c> of the target. Dispose it.</summary>
    public static Task<PrometheusServer> StartNewAsync(Uri target, CancellationToken cancellationToken = default) => StartedAsync(new PrometheusServer(target), cancellationToken);

    /// <summary>The series that a query gives: their labels and present values.</summary>
    public async Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)>> QueryAsync(string query, CancellationToken cancellationToken = default)
    {
        var answer = await Http.GetFromJsonAsync<JsonElement>(new Uri(Url, $"api/v1/query?query={Uri.EscapeDataString(query)}"), cancellationToken);
        return
        [
            .. answer.GetProperty("data").GetProperty("result").EnumerateArray().Select(series => (
                (IReadOnlyDictionary<string, string>)series.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!, StringComparer.Ordinal),
                double.Parse(series.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture))),
        ];
    }

    private protected override async Task<IServerRun?> LaunchInstalledAsync(CancellationToken cancellationToken)
    {
        if (FindOnPath("prometheus") is not { } program)
            return null;

        var configuration = Path.Combine(Folder, "prometheus.yml");
        await File.WriteAllTextAsync(configuration, Configuration, cancellationToken);
        return ChildProcess.Start(program, Arguments(configuration, Path.Combine(Folder, "data")), Folder, Log);
    }

    private protected override IContainer BuildContainer()
        => OnTheHostsNetwork(Image)
            .WithCommand(Arguments("/etc/prometheus/prometheus.yml", "/prometheus"))
            .WithResourceMapping(Encoding.UTF8.GetBytes(Configuration), "/etc/prometheus/prometheus.yml")
            .Build();

    private protected override async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var response = await Http.GetAsync(new Uri(Url, "-/ready"), cancellationToken);
        return response.IsSuccessStatusCode;
    }

    private string[] Arguments(string configuration, string data) => [$"--config.file={configuration}", $"--storage.tsdb.path={data}", $"--web.listen-address={Url.Authority}"];
}
