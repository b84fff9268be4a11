using AlertResponder.Host.Logging;

namespace AlertResponder.Host.Commands;

/// <summary>Asks a health endpoint: the health check of a container, whose image has nothing else that speaks HTTP.</summary>
internal static class HealthCommand
{
    private const int MostBytes = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="address">What must answer 2xx.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code: 0 healthy, 1 not.</returns>
    public static async Task<int> ExecuteAsync(Uri address, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = Patience, MaxResponseContentBufferSize = MostBytes };
        try
        {
            using var response = await http.GetAsync(address, cancellationToken);
            await System.Console.Out.WriteLineAsync($"{(int)response.StatusCode} {TerminalText.OneLine(await response.Content.ReadAsStringAsync(cancellationToken))}");
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            await System.Console.Error.WriteLineAsync($"{address} does not answer: {TerminalText.OneLine(e.Message)}");
            return 1;
        }
    }
}
