using System.Net;
using System.Net.Http.Headers;

namespace k8s.Autorest;

/// <summary>What is left of a request or a response when both are disposed.</summary>
public abstract class HttpMessageWrapper
{
    private protected HttpMessageWrapper(string content, HttpHeaders headers, HttpHeaders contentHeaders)
    {
        Content = content;
        foreach (var (name, values) in headers.Concat(contentHeaders ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>()))
            Headers[name] = Headers.TryGetValue(name, out var others) ? [.. others, .. values] : [.. values];
    }

    public string Content { get; set; }

    /// <summary>By name, in the message's own case.</summary>
    public IDictionary<string, IEnumerable<string>> Headers { get; } = new Dictionary<string, IEnumerable<string>>();
}

/// <summary>The request that failed. Its Authorization header holds the credential: never log the headers.</summary>
public sealed class HttpRequestMessageWrapper(HttpRequestMessage httpRequest, string content)
    : HttpMessageWrapper(content, httpRequest.Headers, httpRequest.Content?.Headers)
{
    public HttpMethod Method { get; } = httpRequest.Method;

    public Uri RequestUri { get; } = httpRequest.RequestUri;
}

/// <summary>The response with which it failed.</summary>
public sealed class HttpResponseMessageWrapper(HttpResponseMessage httpResponse, string content)
    : HttpMessageWrapper(content, httpResponse.Headers, httpResponse.Content.Headers)
{
    public HttpStatusCode StatusCode { get; } = httpResponse.StatusCode;

    public string ReasonPhrase { get; } = httpResponse.ReasonPhrase;
}
