using System.Net;
using AlertResponder.Gateway;
using Microsoft.AspNetCore.Http;

namespace AlertResponder.Tests.Unit.Gateway;

public sealed class CallerAuthorizationTests
{
    private const string Token = "0123456789abcdef";

    [Theory]
    [InlineData("127.0.0.1", null, null)]
    [InlineData("127.8.9.10", null, null)]
    [InlineData("::1", null, null)]
    [InlineData("::ffff:127.0.0.1", null, null)]
    [InlineData("10.42.0.7", null, 403)]
    [InlineData("::ffff:10.42.0.7", null, 403)]
    [InlineData(null, null, 403)]
    [InlineData("127.0.0.1", "X-Forwarded-For", 403)]
    [InlineData("127.0.0.1", "x-forwarded-for", 403)]
    [InlineData("127.0.0.1", "Forwarded", 403)]
    [InlineData("127.0.0.1", "X-Forwarded-Proto", 403)]
    [InlineData("127.0.0.1", "X-Forwarded-Host", 403)]
    [InlineData("127.0.0.1", "X-Forwarded-Server", 403)]
    [InlineData("127.0.0.1", "Via", 403)]
    [InlineData("127.0.0.1", "X-Real-IP", 403)]
    [InlineData("127.0.0.1", "CF-Connecting-IP", 403)]
    [InlineData("127.0.0.1", "User-Agent", null)]
    public void Refusal_WithoutAToken_LetsLoopbackAlone(string? address, string? header, int? expected) =>
        Refusal(address, header, token: null).ShouldBe(expected);

    // A name that leads here is anybody's: a page that is shown in a browser of this machine may have one.
    [Theory]
    [InlineData("localhost", null)]
    [InlineData("LOCALHOST:8080", null)]
    [InlineData("127.0.0.1:8080", null)]
    [InlineData("127.1.2.3", null)]
    [InlineData("[::1]:8080", null)]
    [InlineData("rebound.example", 403)]
    [InlineData("rebound.example:8080", 403)]
    [InlineData("localhost.rebound.example", 403)]
    [InlineData("127.0.0.1.rebound.example", 403)]
    [InlineData("10.42.0.7", 403)]
    [InlineData("", 403)]
    public void Refusal_WithoutAToken_AnswersToLoopbackNamesAlone(string host, int? expected)
    {
        var context = Context("127.0.0.1");
        context.Request.Host = new HostString(host);

        (CallerAuthorization.Refusal(context, null, "Gateway:WebhookToken")?.StatusCode).ShouldBe(expected);
        context.Request.Headers.Authorization = $"Bearer {Token}";
        CallerAuthorization.Refusal(context, Token, "Gateway:WebhookToken").ShouldBeNull("with a token the name of a service will do");
    }

    [Theory]
    [InlineData("Origin", "http://localhost:8080", null)]
    [InlineData("Origin", "http://[::1]:8080", null)]
    [InlineData("Referer", "http://127.0.0.1:8080/incidents", null)]
    [InlineData("Origin", "https://alerts.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Referer", "https://alerts.example/login", 403)]
    [InlineData("Referer", "https://localhost.alerts.example/", 403)]
    public void Refusal_WithoutAToken_AnswersNoPageOfAnotherName(string header, string page, int? expected)
    {
        var context = Context("127.0.0.1");
        context.Request.Headers[header] = page;

        (CallerAuthorization.Refusal(context, null, "Page:Token")?.StatusCode).ShouldBe(expected);
        context.Request.Headers.Authorization = $"Bearer {Token}";
        CallerAuthorization.Refusal(context, Token, "Page:Token").ShouldBeNull();
    }

    [Fact]
    public void Refusal_WithoutATokenByAProxyThatSaysNothing_IsNotLoopback()
    {
        var context = Context("127.0.0.1");
        context.Request.Protocol = "HTTP/1.0";
        CallerAuthorization.Refusal(context, null, "Gateway:WebhookToken")!.StatusCode.ShouldBe(403);

        context = Context("127.0.0.1");
        CallerAuthorization.MarkAsProxys(context);
        CallerAuthorization.Refusal(context, null, "Gateway:WebhookToken")!.StatusCode.ShouldBe(403);
    }

    [Theory]
    [InlineData("Bearer 0123456789abcdef", null)]
    [InlineData("bearer 0123456789abcdef", null)]
    [InlineData("Bearer  0123456789abcdef ", null)]
    [InlineData("Bearer 0123456789abcdeF", 401)]
    [InlineData("Bearer 0123456789abcde", 401)]
    [InlineData("Bearer 0123456789abcdef0", 401)]
    [InlineData("Bearer ", 401)]
    [InlineData("Bearer", 401)]
    [InlineData("Basic 0123456789abcdef", 401)]
    [InlineData("0123456789abcdef", 401)]
    [InlineData("", 401)]
    [InlineData(null, 401)]
    public void Refusal_WithAToken_LetsWhoeverHasIt(string? authorization, int? expected)
    {
        foreach (var address in new[] { "127.0.0.1", "10.42.0.7" })
        {
            var context = Context(address);
            context.Request.Headers.Authorization = authorization;
            CallerAuthorization.Refusal(context, Token, "Gateway:WebhookToken")?.StatusCode.ShouldBe(expected ?? 0);
            (CallerAuthorization.Refusal(context, Token, "Gateway:WebhookToken") is null).ShouldBe(expected is null);
        }
    }

    [Fact]
    public void Refusal_Reason_NamesTheSettingAndNeverTheToken()
    {
        CallerAuthorization.Refusal(Context("10.42.0.7"), null, "Gateway:WebhookToken")!.Reason.ShouldContain("Gateway:WebhookToken");
        CallerAuthorization.Refusal(Context("10.42.0.7"), Token, "Gateway:WebhookToken")!.Reason.ShouldNotContain(Token);
    }

    private static int? Refusal(string? address, string? header, string? token)
    {
        var context = Context(address);
        if (header is not null)
        {
            context.Request.Headers[header] = "203.0.113.7";
        }

        return CallerAuthorization.Refusal(context, token, "Gateway:WebhookToken")?.StatusCode;
    }

    private static DefaultHttpContext Context(string? address)
    {
        var context = new DefaultHttpContext();
        context.Request.Host = new HostString("localhost:8080");
        context.Request.Protocol = "HTTP/1.1";
        context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        return context;
    }
}
