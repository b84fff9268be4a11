using AlertResponder.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Tests.Unit.Host;

/// <summary>The real application with a folder of its own, out of reach of what is configured on this machine.</summary>
internal sealed class TestHost : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("host-tests-");

    public TestHost() => File.WriteAllText(
        Kubeconfig,
        """
        {apiVersion: v1, kind: Config, current-context: none, contexts: [{name: none, context: {cluster: none, user: none}}],
         clusters: [{name: none, cluster: {server: "http://127.0.0.1:9"}}], users: [{name: none, user: {token: none}}]}
        """);

    public string Folder => folder.FullName;

    private string Kubeconfig => Path.Combine(Folder, "kubeconfig");

    public WebApplication Build(params IEnumerable<(string Key, string? Value)> settings) => Build(_ => { }, settings);

    public WebApplication Build(Action<IServiceCollection> services, params IEnumerable<(string Key, string? Value)> settings) =>
        Pipeline.Build([], builder =>
        {
            builder.Configuration.Sources.Clear();
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                // None would mean the ones of whoever runs the tests; a budget of zero asks no model.
                ["KUBECONFIG"] = Kubeconfig,
                ["Analysis:DailyBudgetUsd"] = "0",
                ["ConnectionStrings:Incidents"] = $"Data Source={Path.Combine(Folder, "incidents.db")}",
            });
            builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            services(builder.Services);
        });

    /// <summary>Starts it, and makes a client of where it listens.</summary>
    public static async Task<HttpClient> StartAsync(WebApplication app)
    {
        await app.StartAsync(TestContext.Current.CancellationToken);

        // An application that exports traces hears this client's spans as well, and takes none of them: what it called would not be sampled.
        return new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null })
        {
            BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
        };
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }
}
