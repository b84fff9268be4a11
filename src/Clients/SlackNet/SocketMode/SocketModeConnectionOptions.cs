namespace SlackNet.SocketMode;

public sealed class SocketModeConnectionOptions
{
    /// <summary>
    /// How many connections to keep: at least 1, at most 10 by Slack's rule. Slack sends each envelope over one of them, so that with two
    /// there is always one while the other is renewed.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int NumberOfConnections
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }
    = 2;

    /// <summary>How long after one connection the next is opened, so that they do not end at the same time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public TimeSpan ConnectionDelay
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            field = value;
        }
    }
    = TimeSpan.FromSeconds(10);
}
