namespace SlackNet.Blocks;

/// <summary>What may stand in a <see cref="ContextBlock"/>.</summary>
public interface IContextElement;
