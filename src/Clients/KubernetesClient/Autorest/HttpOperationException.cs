namespace k8s.Autorest;

/// <summary>
/// The API server answered with another status than 2xx. <see cref="Response"/> has the status, the headers (a 429 says Retry-After
/// there) and the body, mostly a <see cref="k8s.Models.V1Status"/> in JSON. A server that does not answer at all is an
/// <see cref="HttpRequestException"/> instead, and one that takes too long an <see cref="OperationCanceledException"/>.
/// </summary>
public sealed class HttpOperationException : Exception
{
    public HttpOperationException()
    {
    }

    public HttpOperationException(string message)
        : base(message)
    {
    }

    public HttpOperationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public HttpRequestMessageWrapper Request { get; set; }

    public HttpResponseMessageWrapper Response { get; set; }
}
