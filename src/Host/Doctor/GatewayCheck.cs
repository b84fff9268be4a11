namespace AlertResponder.Host.Doctor;

/// <summary>Who may post webhooks.</summary>
internal static class GatewayCheck
{
    private const string Subject = "webhook";

    public static Check Of(IConfiguration configuration) => new(Subject, "", _ => Task.FromResult<IReadOnlyList<Finding>>(
    [
        string.IsNullOrEmpty(configuration["Gateway:WebhookToken"])
            ? Finding.Note(Subject, "Gateway:WebhookToken is not set: only loopback may post.")
            : Finding.Ok(Subject, "asks for the bearer token"),
    ]));
}
