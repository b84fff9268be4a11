using System.Globalization;

namespace AlertResponder.Enrichment.Gathering;

/// <summary>Kubernetes' times, which its client hands out as <see cref="DateTime"/>.</summary>
internal static class Times
{
    public static DateTimeOffset Utc(DateTime time) =>
        time.Kind == DateTimeKind.Unspecified ? new DateTimeOffset(time, TimeSpan.Zero) : new DateTimeOffset(time.ToUniversalTime());

    public static string Text(DateTime time) => Utc(time).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
