namespace AlertResponder.Simulators.Snapshots;

/// <summary>A file that is part of a snapshot.</summary>
/// <param name="Name">Its path within the snapshot, with slashes: for messages, and of a log what tells whose it is.</param>
/// <param name="Text">What it holds.</param>
public sealed record SnapshotFile(string Name, string Text);
