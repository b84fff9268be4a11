using System.ComponentModel.DataAnnotations;

namespace AlertResponder.Gateway;

/// <summary>Section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>Bearer token that the webhook must carry. Without one only loopback may post.</summary>
    [MinLength(16, ErrorMessage = "Gateway:WebhookToken is shorter than 16 characters: make one with `openssl rand -hex 32`.")]
    public string? WebhookToken { get; set; }

    /// <summary>The largest webhook body, in bytes.</summary>
    [Range(64 * 1024, 64 * 1024 * 1024, ErrorMessage = "Gateway:MaxBodyBytes must be between 65536 (64 KiB) and 67108864 (64 MiB).")]
    public int MaxBodyBytes { get; set; } = 1024 * 1024;
}
