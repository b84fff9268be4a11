namespace SlackNet.Blocks;

public enum ButtonStyle
{
    Default,

    /// <summary>Green.</summary>
    Primary,

    /// <summary>Red.</summary>
    Danger,
}
