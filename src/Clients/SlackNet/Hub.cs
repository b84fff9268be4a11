namespace SlackNet;

/// <summary>A place for messages.</summary>
public abstract class Hub
{
    private protected Hub()
    {
    }

    public string Id { get; set; }
}
