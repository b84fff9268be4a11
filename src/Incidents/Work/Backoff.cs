namespace AlertResponder.Incidents.Work;

/// <summary>How long what has failed waits for its next try.</summary>
public static class Backoff
{
    private const int MostDoublings = 30;
    private const double MostJitter = 0.2;

    /// <summary>Twice as long after each try, up to a bound.</summary>
    /// <param name="tries">How many there were before the one that begins now.</param>
    /// <param name="first">After the first.</param>
    /// <param name="longest">The bound.</param>
    /// <param name="jitter">From 0 to 1: takes up to a fifth off, so that what failed together is not tried together for ever.</param>
    public static TimeSpan After(int tries, TimeSpan first, TimeSpan longest, double jitter = 0)
    {
        var wait = first * Math.Pow(2, Math.Clamp(tries, 0, MostDoublings));
        return (wait < longest ? wait : longest) * (1 - (MostJitter * jitter));
    }

    /// <summary>As long as it is old, within bounds: that doubles after each try as well, without a number of tries to keep.</summary>
    public static TimeSpan ByAge(TimeSpan age, TimeSpan first, TimeSpan longest) => age < first ? first : age > longest ? longest : age;
}
