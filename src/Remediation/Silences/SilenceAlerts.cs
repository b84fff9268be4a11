using System.Net;
using AlertResponder.Connections.Alertmanager;
using AlertResponder.Contracts;
using AlertResponder.Incidents;
using AlertResponder.Redaction;
using AlertResponder.Remediation.Actions;
using AlertResponder.Resilience;

namespace AlertResponder.Remediation.Silences;

/// <summary>
/// Silences an incident's alerts in Alertmanager. Nothing changes in the cluster, so no right in it is needed and no namespace opted in; but
/// somebody will not hear of these alerts, so an approver is.
/// </summary>
internal sealed class SilenceAlerts : IChange
{
    /// <summary>Its name in the catalogue.</summary>
    public const string Name = SuggestedAction.SilenceKind;

    private const string LengthParameter = "length";
    private const int LongestAnswer = 200;

    // Whatever starts in the past starts now, so that a clock that is ahead delays nothing.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(5);

    public string Kind => Name;

    public RiskClass Risk => RiskClass.Reversible;

    public string Server => "Alertmanager";

    public IReadOnlyList<string> TargetKinds { get; } = [Subject.AlertKind];

    public IReadOnlyList<ActionPermission> Permissions(string targetKind) => [];

    /// <summary>What can be offered for every open incident, whatever is wrong.</summary>
    public static IEnumerable<SuggestedAction> Offers(Incident incident) => SilenceLength.All.Select(length => new SuggestedAction(
        Name,
        new ObjectReference(Subject.AlertKind, incident.SubjectNamespace, incident.SubjectName),
        new Dictionary<string, string>(StringComparer.Ordinal) { [LengthParameter] = length.Name },
        EvidenceIds: []));

    public static SilenceLength LengthOf(SuggestedAction action) =>
        SilenceLength.Find(action.Parameters.GetValueOrDefault(LengthParameter)) ?? throw new InvalidOperationException("The proposal has no known length.");

    public Task<Preparation> PrepareAsync(Situation situation, ActionTools tools, CancellationToken cancellationToken) => Task.FromResult(Prepare(situation, tools.Silencer));

    public async Task<Carried> ExecuteAsync(Proposal proposal, ActionTools tools, CancellationToken cancellationToken)
    {
        var plan = StoredJson.Read<SilencePlan>(proposal.PreconditionJson!);
        if (tools.Silencer.Address(plan.ExternalUrl) is not { } address)
        {
            return new Carried(CarriedAs.Refused, "it is not known where Alertmanager is; set Alertmanager:Url");
        }

        try
        {
            if ((await tools.Silencer.FindAsync(address, proposal.Id, cancellationToken)).Count > 0)
            {
                return new Carried(CarriedAs.Applied, "done");
            }

            // Another Alertmanager would take the silence, and the alerts would go on.
            var listing = await tools.Silencer.ListAsync(address, plan.Matchers, cancellationToken);
            if (!plan.Fingerprints.Intersect(listing.Alerts.Select(alert => alert.Fingerprint), StringComparer.Ordinal).Any())
            {
                return new Carried(CarriedAs.Refused, $"Alertmanager at {AlertmanagerAddress.Shown(address)} does not have these alerts (any more); see Alertmanager:Url");
            }

            var now = tools.Time.GetUtcNow();
            await tools.Silencer.MakeAsync(
                address, proposal.Id, plan.Matchers, now - ClockDifference, now + LengthOf(proposal.Action()).Span, SilenceText.Comment(proposal), cancellationToken);
            return new Carried(CarriedAs.Applied, "done");
        }
        catch (FailedAnswerException e) when (IsRefusal(e))
        {
            return new Carried(CarriedAs.Refused, Why(e));
        }
    }

    public async Task<Carried> UndoAsync(Proposal proposal, ActionTools tools, CancellationToken cancellationToken)
    {
        var plan = StoredJson.Read<SilencePlan>(proposal.PreconditionJson!);
        try
        {
            if (tools.Silencer.Address(plan.ExternalUrl) is { } address)
            {
                await tools.Silencer.LiftAsync(address, proposal.Id, cancellationToken);
            }

            return new Carried(CarriedAs.Applied, "lifted");
        }
        catch (FailedAnswerException e) when (IsRefusal(e))
        {
            return new Carried(CarriedAs.Refused, Why(e));
        }
    }

    public async Task<bool> IsDoneAsync(Proposal proposal, bool undone, ActionTools tools, CancellationToken cancellationToken)
    {
        var own = await FindAsync(proposal, tools, cancellationToken);
        return undone ? own.All(silence => silence.IsOver) : own.Count > 0;
    }

    public async Task<Observation> ObserveAsync(Proposal proposal, ActionTools tools, CancellationToken cancellationToken)
    {
        // By then it is over, whether Alertmanager can be asked or not.
        var length = LengthOf(proposal.Action());
        if (tools.Time.GetUtcNow() > proposal.AppliedAt + (length.UntilResolved ? SilenceLength.Longest : length.Span) + ClockDifference)
        {
            return new Observation(ObservedStage.Ended, "the silence has ended");
        }

        var own = await FindAsync(proposal, tools, cancellationToken);
        return own.FirstOrDefault(silence => !silence.IsOver) is { } active
            ? new Observation(ObservedStage.Waiting, length.UntilResolved ? "silenced until the alerts are resolved" : $"silenced until {SilenceText.Time(active.EndsAt)}")
            : new Observation(ObservedStage.Ended, own.Count == 0 ? "the silence is gone" : $"the silence ended at {SilenceText.Time(own.Max(silence => silence.EndsAt))}");
    }

    private static Preparation Prepare(Situation situation, Silencer silencer)
    {
        if (SilenceLength.Find(situation.Parameter(LengthParameter)) is not { } length)
        {
            return Preparation.Not("that is no length of a silence");
        }

        if (silencer.Address(situation.ExternalUrl) is not { } address)
        {
            return Preparation.Not("it is not known where Alertmanager is: set Alertmanager:Url");
        }

        if (SilenceMatchers.Of(situation.Alerts) is not { } matchers)
        {
            return Preparation.Not("nothing would match the alerts and no others");
        }

        var plan = StoredJson.Write(new SilencePlan(matchers, [.. situation.Alerts.Select(alert => alert.Fingerprint).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], situation.ExternalUrl));
        return Preparation.Of(new Draft(
            situation.Target,
            new Dictionary<string, string>(StringComparer.Ordinal) { [LengthParameter] = length.Name },
            $"Silence {length.Text}")
        {
            // The short ones first: of the others a confirm dialog may show none.
            Diff = [.. matchers.Select(Line).Append($"Alertmanager: {AlertmanagerAddress.Shown(address)}").OrderBy(line => line.Length)],
            PreconditionJson = plan,
            Basis = plan,
            Undo = _ => plan,
        });
    }

    private static string Line(SilenceMatcher matcher) => $"{matcher.Name}: {(matcher.IsRegex ? "one of " : "")}{matcher.Value}";

    private static async Task<IReadOnlyList<Silence>> FindAsync(Proposal proposal, ActionTools tools, CancellationToken cancellationToken)
    {
        var plan = StoredJson.Read<SilencePlan>(proposal.PreconditionJson!);
        return tools.Silencer.Address(plan.ExternalUrl) is { } address ? await tools.Silencer.FindAsync(address, proposal.Id, cancellationToken) : [];
    }

    private static bool IsRefusal(FailedAnswerException answer) =>
        answer.StatusCode is < HttpStatusCode.InternalServerError and not (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout);

    private static string Why(FailedAnswerException answer)
    {
        var text = Redactor.Redact(answer.Text).ReplaceLineEndings(" ").Trim();
        return $"Alertmanager answered {(int)answer.StatusCode!}{(text.Length == 0 ? "" : $" ({BoundedText.Cut(text, LongestAnswer)})")}";
    }
}
