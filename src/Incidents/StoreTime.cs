using System.Diagnostics.Metrics;
using AlertResponder.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AlertResponder.Incidents;

/// <summary>
/// The clock by which times in the store are written and compared, the same for all processes: PostgreSQL's, since each of them may be on a machine of its
/// own; SQLite's processes share one. Claims and leases are times in the store, and by clocks that differ two processes would hold the same one.
/// </summary>
/// <remarks>The process's own clock, moved by what it was found to differ. Only the time of day is: waits and timestamps are the process's.</remarks>
public sealed partial class StoreTime(TimeProvider time, ILogger<StoreTime> logger) : TimeProvider
{
    /// <summary>Under which it is registered as a <see cref="TimeProvider"/>.</summary>
    public const string Key = "store";

    // Of a machine that keeps its time no one need hear.
    private static readonly TimeSpan WorthTelling = TimeSpan.FromSeconds(2);

    private const int Measurements = 3;

    // Half of it is how wrong the difference can be: far less than what is left of a claim when its holder gives up.
    private static readonly TimeSpan SlowestUsed = TimeSpan.FromSeconds(1);

    private static readonly Meter Meter = new(Telemetry.MeterName);

    private static readonly Gauge<double> Differences = Meter.CreateGauge<double>(
        "alert_responder.store.clock_difference", "s", "How far the database's clock is ahead of this process's.");

    private long ticks;

    /// <summary>How far the store's clock is ahead of the process's.</summary>
    public TimeSpan Difference => TimeSpan.FromTicks(Volatile.Read(ref ticks));

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => time.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + Difference;

    /// <inheritdoc/>
    public override long GetTimestamp() => time.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);

    /// <summary>Asks the store for its time; SQLite has none of its own.</summary>
    public async Task MeasureAsync(IncidentsContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.Database.IsNpgsql())
        {
            return;
        }

        // Connected before, so that the way there and back is all that it takes.
        await context.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = context.Database.GetDbConnection().CreateCommand();
            command.CommandText = "SELECT clock_timestamp()";
            await MeasureAsync(async () => new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!));
        }
        finally
        {
            await context.Database.CloseConnectionAsync();
        }
    }

    /// <summary>The best of some answers, which is the fastest; where none was fast enough to tell anything the difference stays what it was.</summary>
    internal async Task MeasureAsync(Func<Task<DateTimeOffset>> askAsync)
    {
        var (fastest, difference) = (TimeSpan.MaxValue, TimeSpan.Zero);
        for (var i = 0; i < Measurements; i++)
        {
            var asked = time.GetTimestamp();
            var told = await askAsync();
            var took = time.GetElapsedTime(asked);
            if (took < fastest)
            {
                // In the middle of the way there and back, or by half of that earlier or later.
                (fastest, difference) = (took, told - (time.GetUtcNow() - (took / 2)));
            }
        }

        if (fastest > SlowestUsed)
        {
            Log.TooSlow(logger, fastest.TotalSeconds, Difference.TotalSeconds);
            return;
        }

        if ((difference - Difference).Duration() > WorthTelling)
        {
            Log.Differs(logger, difference.TotalSeconds);
        }

        Volatile.Write(ref ticks, difference.Ticks);
        Differences.Record(difference.TotalSeconds);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The database's clock is {Seconds:0.0} s ahead of this machine's; claims are kept by the database's")]
        public static partial void Differs(ILogger logger, double seconds);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The database took {Seconds:0.0} s to tell its time, which is too long to know it by; its clock is taken to be {Difference:0.0} s ahead, as before")]
        public static partial void TooSlow(ILogger logger, double seconds, double difference);
    }
}
