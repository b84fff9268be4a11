using System.Buffers;
using AlertResponder.Incidents;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AlertResponder.Gateway.Alertmanager;

/// <summary>Hands a request's body to the parser as it arrives: of the body no more than one alert is in memory at a time.</summary>
internal static class WebhookBody
{
    private const int SmallestBuffer = 64 * 1024;

    /// <param name="request">The request.</param>
    /// <param name="parser">Reads it.</param>
    /// <param name="limit">Of the body, in bytes; what is beyond is not read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task ReadAsync(HttpRequest request, WebhookParser parser, long limit, CancellationToken cancellationToken)
    {
        // The server's own limit would cut the connection where we can still answer.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = null;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(SmallestBuffer);
        try
        {
            var (filled, left, isFinal) = (0, limit, false);
            while (!isFinal)
            {
                if (filled == buffer.Length)
                {
                    buffer = Doubled(buffer);
                }

                // Filled up before it is looked at: what is not there whole is read from its beginning again.
                while (filled < buffer.Length && !isFinal)
                {
                    var read = await request.Body.ReadAsync(buffer.AsMemory(filled, (int)Math.Min(buffer.Length - filled, left + 1)), cancellationToken);
                    isFinal = read == 0;
                    left -= read;
                    if (left < 0)
                    {
                        parser.Feed(buffer.AsSpan(0, filled + read - 1), isFinal: false);
                        parser.End(new WebhookFault(
                            RefusalReason.TooLarge,
                            $"The body is larger than {limit} bytes: raise Gateway:MaxBodyBytes, or set max_alerts in Alertmanager's webhook_config, or a group_by of smaller groups."));
                        return;
                    }

                    filled += read;
                }

                var consumed = parser.Feed(buffer.AsSpan(0, filled), isFinal);
                filled -= consumed;
                buffer.AsSpan(consumed, filled).CopyTo(buffer);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static byte[] Doubled(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        return larger;
    }
}
