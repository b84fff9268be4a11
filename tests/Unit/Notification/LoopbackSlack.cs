using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace AlertResponder.Tests.Unit.Notification;

/// <summary>A Web API that answers what a test has prepared, in order; a call too many is answered 500 and stays on record.</summary>
internal sealed class LoopbackSlack : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> answers = new();
    private readonly ConcurrentQueue<Call> calls = new();

    private LoopbackSlack(WebApplication application) => this.application = application;

    public string ApiUrl => application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/api";

    public IReadOnlyList<Call> Calls => [.. calls];

    public static async Task<LoopbackSlack> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var slack = new LoopbackSlack(builder.Build());
        slack.application.Run(slack.AnswerAsync);
        await slack.application.StartAsync();
        return slack;
    }

    public void Answers(string json) => answers.Enqueue(context =>
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(json);
    });

    public void Answers(Func<HttpContext, Task> answer) => answers.Enqueue(answer);

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        calls.Enqueue(new Call(
            $"{context.Request.Method} {context.Request.Path}",
            context.Request.Headers.Authorization.ToString(),
            context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()),
            body.Length > 0 ? (JObject)JsonConvert.DeserializeObject(body)! : []));
        if (answers.TryDequeue(out var answer))
            await answer(context);
        else
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }

    /// <summary>What came in.</summary>
    internal sealed record Call(string Line, string Authorization, Dictionary<string, string> Query, JObject Body);
}
