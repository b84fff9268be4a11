namespace AlertResponder.Remediation.Actions.Change;

/// <summary>Lets no new pods come to a node; those on it stay.</summary>
internal sealed class CordonNode() : NodeScheduling("cordon-node", cordon: true);
