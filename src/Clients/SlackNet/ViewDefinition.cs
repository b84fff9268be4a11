using SlackNet.Blocks;

namespace SlackNet;

/// <summary>A view to open.</summary>
public abstract class ViewDefinition
{
    private protected ViewDefinition(string type) => Type = type;

    public string Type { get; set; }

    /// <summary>At most 100.</summary>
    public IList<Block> Blocks { get; set; } = [];

    /// <summary>At most 3,000 characters; nobody sees it.</summary>
    public string PrivateMetadata { get; set; }

    /// <summary>At most 255 characters.</summary>
    public string CallbackId { get; set; }
}
