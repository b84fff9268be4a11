using System.Net;
using AlertResponder.Connections.Alertmanager;
using AlertResponder.Simulators.Alertmanager;
using Microsoft.Extensions.Options;

namespace AlertResponder.Tests.Unit.Resilience.Alertmanager;

public sealed class ReservedAddressesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.170.2")]
    [InlineData("169.254.170.23")]
    [InlineData("169.254.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::169.254.169.254")]
    [InlineData("::ffff:0:169.254.169.254")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("64:ff9b:1::169.254.169.254")]
    [InlineData("64:ff9b:1:ffff::169.254.169.254")]
    [InlineData("64:ff9b:1:a9fe:a9:fe00::")]
    [InlineData("64:ff9b:1:a9:fe:a9fe::")]
    [InlineData("64:ff9b:1:0:a9:fea9:fe00::")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("2001:0:1:2:3:4:5601:5601")]
    [InlineData("2001:db8::5efe:169.254.169.254")]
    [InlineData("2001:db8::200:5efe:169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("fe80::a9fe:a9fe")]
    [InlineData("fe80::1%2")]
    [InlineData("febf::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd00:ec2::23")]
    [InlineData("fd20:ce::254")]
    [InlineData("fd00:c1::a9fe:a9fe")]
    [InlineData("fd00:42::42")]
    [InlineData("fd00:a9fe:a9fe::1")]
    [InlineData("fd00:100::100:200")]
    [InlineData("168.63.129.16")]
    [InlineData("::ffff:168.63.129.16")]
    [InlineData("100.100.100.200")]
    [InlineData("64:ff9b::100.100.100.200")]
    [InlineData("192.0.0.192")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public void Contain_LinkLocalOrACloudsOwn_IsTrue(string address) => ReservedAddresses.Contain(IPAddress.Parse(address)).ShouldBeTrue();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.100.100.201")]
    [InlineData("169.253.255.255")]
    [InlineData("fd00::1")]
    [InlineData("fd00:ec3::254")]
    [InlineData("fd00:a9fe:a9fe::2")]
    [InlineData("fd00:100::100:201")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("2002:a00:1::1")]
    [InlineData("2001:db8::1")]
    [InlineData("203.0.113.7")]
    public void Contain_AnyOther_IsFalse(string address) => ReservedAddresses.Contain(IPAddress.Parse(address)).ShouldBeFalse();

    // With a proxy it would be the proxy's address that is looked at, and the proxy that goes to the reserved one.
    [Fact]
    public async Task List_EnvironmentHasAProxy_AsksNoProxyForAStatedAddress()
    {
        await using var proxy = await AlertmanagerSimulator.StartAsync(cancellationToken: Cancellation);
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new ProxyOfOneHost("198.51.100.7", new Uri(proxy.ExternalUrl));
        try
        {
            using var stated = AlertmanagerClient.CreateHttp(isConfigured: false);
            using var configured = AlertmanagerClient.CreateHttp(isConfigured: true);

            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            deadline.CancelAfter(TimeSpan.FromMilliseconds(300));
            await Should.ThrowAsync<Exception>(() => Client(stated, null).SilencesAsync(new Uri("http://198.51.100.7:9/"), deadline.Token));
            proxy.Requests.ShouldBeEmpty();

            await Record.ExceptionAsync(() => Client(configured, "http://198.51.100.7:9/").SilencesAsync(new Uri("http://198.51.100.7:9/"), Cancellation));
            proxy.Requests.ShouldNotBeEmpty("what is configured goes the environment's way");
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    private static AlertmanagerClient Client(HttpClient http, string? url) => new(http, Options.Create(new AlertmanagerOptions { Url = url }));

    /// <summary>Other tests run meanwhile: their calls go past it.</summary>
    private sealed class ProxyOfOneHost(string host, Uri proxy) : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : proxy;

        public bool IsBypassed(Uri destination) => destination.Host != host;
    }
}
