using Microsoft.AspNetCore.Http;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

/// <summary>A request to a real kube-apiserver 1.32 and what it answered, out of <c>recorded/</c>.</summary>
internal sealed record RecordedAnswer(string Target, int StatusCode, string ContentType, string Body)
{
    public static RecordedAnswer Read(string name)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Clients", "Kubernetes", "recorded", name + ".http"));
        var response = text.IndexOf("\nHTTP/1.1 ", StringComparison.Ordinal) + 1;
        var body = text.IndexOf("\n\n", response, StringComparison.Ordinal);
        var head = text[response..body].Split('\n');
        return new RecordedAnswer(
            text.Split(' ')[1],
            int.Parse(head[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture),
            head.Single(line => line.StartsWith("Content-Type: ", StringComparison.Ordinal))["Content-Type: ".Length..],
            text[(body + 2)..]);
    }

    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCode;
        context.Response.ContentType = ContentType;
        return context.Response.WriteAsync(Body, context.RequestAborted);
    }
}
