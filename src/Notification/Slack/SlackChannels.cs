using System.Globalization;
using AlertResponder.Connections.Slack;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Notification.Slack;

/// <summary>Which of the configured channels can be posted to, as Slack's answers have told: the alarm that Slack itself cannot give.</summary>
/// <remarks>Of this process; <see cref="SlackChannelWatch"/> shares it with others by the store, whose clock it is kept by.</remarks>
internal sealed partial class SlackChannels(SlackOptions options, TimeProvider time, ILogger<SlackChannels> logger) : IHealthCheck
{
    public const string HealthCheckName = "slack-channel";

    /// <summary>How long a channel that refuses is left alone before it is tried again.</summary>
    public static readonly TimeSpan TryAgainAfter = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, ChannelTrouble> troubles = new(StringComparer.Ordinal);

    /// <summary>The channel, then the fallback where there is one.</summary>
    public IReadOnlyList<string> All { get; } = string.IsNullOrWhiteSpace(options.FallbackChannel) ? [options.Channel!] : [options.Channel!, options.FallbackChannel];

    /// <summary>Where new messages go; null while every channel refuses them.</summary>
    public string? Usable
    {
        get
        {
            lock (gate)
                return All.FirstOrDefault(channel => !troubles.ContainsKey(channel));
        }
    }

    /// <summary>The channels that refuse.</summary>
    public IReadOnlyList<ChannelTrouble> Troubles
    {
        get
        {
            lock (gate)
                return [.. All.Where(troubles.ContainsKey).Select(channel => troubles[channel])];
        }
    }

    /// <summary>What a person is told; null while all is well.</summary>
    public string? Alarm => Troubles is { Count: > 0 } refusing
        ? $"Slack takes no messages in {string.Join(" and ", refusing.Select(Told))}: {(Usable is { } other ? $"they go to {other}" : "they wait until it does")}."
        : null;

    /// <summary>Slack has refused a message in the channel.</summary>
    public void Refuses(string channel, string error) => Refuses(channel, error, time.GetUtcNow());

    /// <summary>The same of another process, or of the one before this.</summary>
    public void Refuses(string channel, string error, DateTimeOffset at)
    {
        lock (gate)
        {
            var known = troubles.GetValueOrDefault(channel);
            troubles[channel] = new ChannelTrouble(channel, error, known?.Since ?? at, at);
            if (known?.Error == error)
                return;
        }

        Log.Refuses(logger, channel, error);
    }

    /// <summary>Slack has taken a message in the channel.</summary>
    public void Takes(string channel)
    {
        lock (gate)
        {
            if (!troubles.Remove(channel))
                return;
        }

        Log.Takes(logger, channel);
    }

    /// <summary>Degraded while a channel refuses: alerts are still taken, kept and shown on the page.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Alarm is { } alarm ? HealthCheckResult.Degraded(alarm) : HealthCheckResult.Healthy());

    private static string Told(ChannelTrouble trouble) =>
        $"{trouble.Channel} ({trouble.Error}, since {trouble.Since.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC)";

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Slack takes no messages in {Channel} ({Error}): invite the app to it, or set Slack:Channel to another")]
        public static partial void Refuses(ILogger logger, string channel, string error);

        [LoggerMessage(Level = LogLevel.Information, Message = "Slack takes messages in {Channel} again")]
        public static partial void Takes(ILogger logger, string channel);
    }
}

/// <summary>A channel that cannot be posted to.</summary>
/// <param name="Channel">Its id.</param>
/// <param name="Error">Slack's error code.</param>
/// <param name="Since">When it first refused.</param>
/// <param name="RefusedAt">When it last did.</param>
internal sealed record ChannelTrouble(string Channel, string Error, DateTimeOffset Since, DateTimeOffset RefusedAt);
