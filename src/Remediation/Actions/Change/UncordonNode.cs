namespace AlertResponder.Remediation.Actions.Change;

/// <summary>Lets new pods come to a node again.</summary>
internal sealed class UncordonNode() : NodeScheduling("uncordon-node", cordon: false);
