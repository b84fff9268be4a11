using AlertResponder.Contracts;
using AlertResponder.Incidents;

namespace AlertResponder.Remediation.Actions;

/// <summary>One kind of action that can be proposed. Stateless; what it finds is kept in the proposal.</summary>
internal interface ICatalogueAction
{
    /// <summary>Kebab case, as analysis suggests it.</summary>
    string Kind { get; }

    RiskClass Risk { get; }

    /// <summary>Who does it, for people.</summary>
    string Server => "the Kubernetes API";

    /// <summary>The kinds of objects that it is for.</summary>
    IReadOnlyList<string> TargetKinds { get; }

    /// <summary>What the service account needs to preview, carry out, verify and undo it on an object of that kind.</summary>
    IReadOnlyList<ActionPermission> Permissions(string targetKind);

    /// <summary>Works out what would be done, from the object as it is now; changes nothing.</summary>
    Task<Preparation> PrepareAsync(Situation situation, ActionTools tools, CancellationToken cancellationToken);
}

/// <summary>An action that only looks.</summary>
internal interface IReading : ICatalogueAction
{
    /// <summary>What there is to see, redacted and bounded.</summary>
    Task<Reply> ReadAsync(Proposal proposal, ActionTools tools, CancellationToken cancellationToken);
}

/// <summary>An action that changes something.</summary>
internal interface IChange : ICatalogueAction
{
    /// <summary>Does it, once: whoever comes again, after whatever has happened, finds it done.</summary>
    Task<Carried> ExecuteAsync(Proposal proposal, ActionTools tools, CancellationToken cancellationToken);

    /// <summary>Puts back what was before, once, if it is still as the proposal has left it.</summary>
    Task<Carried> UndoAsync(Proposal proposal, ActionTools tools, CancellationToken cancellationToken);

    /// <summary>Whether it is done already, or undone.</summary>
    Task<bool> IsDoneAsync(Proposal proposal, bool undone, ActionTools tools, CancellationToken cancellationToken);

    /// <summary>How far what was done has come.</summary>
    Task<Observation> ObserveAsync(Proposal proposal, ActionTools tools, CancellationToken cancellationToken);
}
