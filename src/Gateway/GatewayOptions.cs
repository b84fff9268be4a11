using System.ComponentModel.DataAnnotations;
using AlertResponder.Contracts;

namespace AlertResponder.Gateway;

/// <summary>Section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>Bearer token that the webhook must carry. Without one only loopback may post.</summary>
    [MinLength(16, ErrorMessage = "Gateway:WebhookToken is shorter than 16 characters: make one with `openssl rand -hex 32`.")]
    public string? WebhookToken { get; set; }

    /// <summary>The largest webhook body, in bytes.</summary>
    [Range(64 * 1024, 128 * 1024 * 1024, ErrorMessage = "Gateway:MaxBodyBytes must be between 65536 (64 KiB) and 134217728 (128 MiB).")]
    public int MaxBodyBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Words of one's own for severities, each <c>critical</c>, <c>warning</c> or <c>info</c>; they count before the shipped ones.</summary>
    public IDictionary<string, string> SeverityWords { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the words of a configuration mean; null where one means nothing.</summary>
    internal SeverityWords? Words() => Contracts.SeverityWords.Configured(SeverityWords);
}
