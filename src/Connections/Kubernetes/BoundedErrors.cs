namespace AlertResponder.Connections.Kubernetes;

/// <summary>
/// Reads what a refusal says, up to a bound and under the caller's token; the package reads it to the end, however long that is. The status is the
/// answer: what explains it may be cut.
/// </summary>
internal sealed class BoundedErrors : DelegatingHandler
{
    public const int MostBytes = 64 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using var original = response.Content;
        var buffer = new byte[MostBytes];
        var length = 0;
        try
        {
            await using var stream = await original.ReadAsStreamAsync(cancellationToken);
            while (length < buffer.Length && await stream.ReadAsync(buffer.AsMemory(length), cancellationToken) is var read and > 0)
            {
                length += read;
            }
        }
        catch (IOException)
        {
            // The connection broke; the status has come.
        }
        catch
        {
            response.Dispose();
            throw;
        }

        response.Content = new ByteArrayContent(buffer, 0, length);
        foreach (var (name, values) in original.Headers.Where(header => header.Key != "Content-Length"))
        {
            response.Content.Headers.TryAddWithoutValidation(name, values);
        }

        return response;
    }
}
