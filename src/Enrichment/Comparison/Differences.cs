using AlertResponder.Contracts;

namespace AlertResponder.Enrichment.Comparison;

/// <summary>What a comparison with Alertmanager comes to.</summary>
/// <param name="Found">Fingerprints of firing alerts of ours that it has, and of which that was not known.</param>
/// <param name="Missing">Fingerprints of those that it has not, from now on.</param>
/// <param name="Gone">Those that it has not had for long enough: they are resolved.</param>
/// <param name="Reopened">Those that it has and that are resolved here.</param>
/// <param name="Unknown">Those that it has, that its route leads to us, and that no webhook told of.</param>
/// <param name="Uncompared">How many firing alerts of ours are of another Alertmanager, or of one that has just been started.</param>
internal sealed record Differences(
    IReadOnlyList<string> Found,
    IReadOnlyList<string> Missing,
    IReadOnlyList<KnownAlert> Gone,
    IReadOnlyList<UntoldAlert> Reopened,
    IReadOnlyList<UntoldAlert> Unknown,
    int Uncompared);

/// <summary>An alert that fires there, and that no webhook told of.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Like">One of ours that came from the same Alertmanager to the same receiver.</param>
internal sealed record UntoldAlert(Alert Alert, KnownAlert Like);
