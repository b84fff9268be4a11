using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AlertResponder.Tests.Unit.Clients.Kubernetes;

/// <summary>A request to a real kube-apiserver 1.32 and what it answered, out of <c>recorded/</c>.</summary>
internal sealed record RecordedAnswer(RecordedAnswer.Message Request, string Method, string Target, RecordedAnswer.Message Response, int StatusCode)
{
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Clients", "Kubernetes", "recorded");

    public static RecordedAnswer Read(string name)
    {
        var text = File.ReadAllText(Path.Combine(Folder, name + ".http"));
        var second = text.IndexOf("\nHTTP/1.1 ", StringComparison.Ordinal) + 1;
        var (request, response) = (Message.Of(text[..second]), Message.Of(text[second..]));
        return new RecordedAnswer(
            request, request.Start.Split(' ')[0], request.Start.Split(' ')[1], response, int.Parse(response.Start.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    /// <summary>The target with the bound without which no list and no log is asked for; kubectl sent some without.</summary>
    public string BoundedTarget
    {
        get
        {
            var bound = Target.Split('?')[0].Split('/') switch
            {
                [.., "log"] => "tailLines=",
                [_, "api", _, _, _, _] or [_, "apis", _, _, _, _, _] when Method == "GET" => "limit=",
                _ => "",
            };
            return Target.Contains(bound, StringComparison.Ordinal) ? Target : $"{Target}{(Target.Contains('?') ? '&' : '?')}{bound}9";
        }
    }

    /// <summary>The same call, however its parameters are ordered and its JSON is laid out.</summary>
    public bool IsFor(ApiServer.Request request) =>
        string.Equals(request.Method, Method, StringComparison.Ordinal)
        && request.Target.Split('?')[0] == Target.Split('?')[0]
        && Parameters(request.Target).SetEquals(Parameters(BoundedTarget))
        && request.MediaType == Request.ContentType
        && JsonNode.DeepEquals(Json(request.Body), Json(Request.Body));

    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCode;
        context.Response.ContentType = Response.ContentType;
        return context.Response.WriteAsync(Response.Body, context.RequestAborted);
    }

    private static HashSet<string> Parameters(string target) => new(target.Split('?', '&').Skip(1), StringComparer.Ordinal);

    private static JsonNode? Json(string body) => string.IsNullOrWhiteSpace(body) ? null : JsonNode.Parse(body);

    internal sealed record Message(string Start, string? ContentType, string Body)
    {
        private const string ContentTypeHeader = "Content-Type: ";

        public static Message Of(string text)
        {
            var body = text.IndexOf("\n\n", StringComparison.Ordinal);
            var head = text[..body].Split('\n');
            return new Message(
                head[0],
                head.SingleOrDefault(line => line.StartsWith(ContentTypeHeader, StringComparison.Ordinal))?[ContentTypeHeader.Length..],
                text[(body + 2)..]);
        }
    }
}
