namespace AlertResponder.Incidents;

/// <summary>What the model has cost on a day, all processes together.</summary>
public sealed class ModelDay
{
    /// <summary>Nano-dollars: a single token of a small model costs thirty-five, and integers add up exactly in every store.</summary>
    public const decimal NanosPerUsd = 1_000_000_000m;

    /// <summary>The day (UTC) as <c>yyyymmdd</c>.</summary>
    public int Day { get; init; }

    /// <summary>Settled costs and all reservations, also such as nobody has settled: what may have been paid counts as paid.</summary>
    public long SpentNanoUsd { get; set; }

    /// <summary>Billed, as far as settled.</summary>
    public long InputTokens { get; set; }

    /// <inheritdoc cref="InputTokens"/>
    public long OutputTokens { get; set; }

    /// <summary>The day of a time.</summary>
    public static int Of(DateTimeOffset time) => (((time.UtcDateTime.Year * 100) + time.UtcDateTime.Month) * 100) + time.UtcDateTime.Day;
}
