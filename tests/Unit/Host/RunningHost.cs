using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Tests.Unit.Host;

/// <summary>The real application as it is without settings, started once for the tests of a class that leave it as it is.</summary>
public sealed class RunningHost : IAsyncLifetime
{
    private readonly TestHost host = new();

    /// <summary>The application.</summary>
    public WebApplication App { get; private set; } = null!;

    /// <summary>A client of the caller's own.</summary>
    public HttpClient Client() => new() { BaseAddress = new Uri(App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };

    public async ValueTask InitializeAsync()
    {
        App = host.Build();
        await App.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
        host.Dispose();
    }
}
