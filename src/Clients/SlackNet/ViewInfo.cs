namespace SlackNet;

/// <summary>A view as Slack keeps it.</summary>
public abstract class ViewInfo
{
    private protected ViewInfo()
    {
    }

    public string Id { get; set; }
}
