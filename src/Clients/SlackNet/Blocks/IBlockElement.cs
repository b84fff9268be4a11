namespace SlackNet.Blocks;

public interface IBlockElement
{
    string Type { get; }
}
