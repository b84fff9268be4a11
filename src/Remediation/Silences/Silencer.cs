using AlertResponder.Connections.Alertmanager;
using AlertResponder.Resilience;

namespace AlertResponder.Remediation.Silences;

/// <summary>
/// Makes, changes and lifts the silences of proposals, each once: the proposal's id in the comment tells ours. All calls go through the
/// upstream's pipeline.
/// </summary>
internal sealed class Silencer(AlertmanagerClient client, Upstream upstream)
{
    private const string Creator = "alert-responder";

    /// <summary>Where the silences of an incident are made, whose webhook stated <paramref name="externalUrl"/>; null when nobody says.</summary>
    public Uri? Address(string? externalUrl) => client.Address(externalUrl);

    /// <summary>Has the proposal's silence made, unless there is one or has been.</summary>
    /// <param name="address">Alertmanager.</param>
    /// <param name="proposalId">Whose.</param>
    /// <param name="matchers">What is silenced.</param>
    /// <param name="from">UTC.</param>
    /// <param name="until">UTC.</param>
    /// <param name="comment">With <see cref="SilenceText.Mark"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task MakeAsync(
        Uri address, Guid proposalId, IReadOnlyList<SilenceMatcher> matchers, DateTimeOffset from, DateTimeOffset until, string comment, CancellationToken cancellationToken)
    {
        // One try looks and makes: of a try whose answer was lost the next one finds what it has made.
        await upstream.CallAsync(
            async token =>
            {
                if ((await OwnAsync(address, proposalId, token)).Count == 0)
                {
                    await client.PutAsync(address, new Silence(null, matchers, from, until, Creator, comment), token);
                }

                return true;
            },
            cancellationToken);

        // Two that looked at the same time have made two, and agree on which one stays.
        var active = (await FindAsync(address, proposalId, cancellationToken)).Where(own => !own.IsOver).OrderBy(own => own.Id, StringComparer.Ordinal);
        await EndAsync(address, active.Skip(1), cancellationToken);
    }

    /// <summary>The proposal's silences; those that are over, too, for as long as Alertmanager keeps them.</summary>
    public Task<IReadOnlyList<Silence>> FindAsync(Uri address, Guid proposalId, CancellationToken cancellationToken) =>
        upstream.CallAsync(token => OwnAsync(address, proposalId, token), cancellationToken);

    /// <summary>Ends the proposal's silence if it is not over.</summary>
    public async Task LiftAsync(Uri address, Guid proposalId, CancellationToken cancellationToken) =>
        await EndAsync(address, (await FindAsync(address, proposalId, cancellationToken)).Where(own => !own.IsOver), cancellationToken);

    /// <summary>Moves the end of a silence.</summary>
    public Task ExtendAsync(Uri address, Silence silence, DateTimeOffset until, CancellationToken cancellationToken) => upstream.CallAsync(
        async token =>
        {
            await client.PutAsync(address, silence with { EndsAt = until, Status = null }, token);
            return true;
        },
        cancellationToken);

    /// <summary>What Alertmanager has of the alerts that match, and maybe others.</summary>
    public Task<AlertListing> ListAsync(Uri address, IReadOnlyList<SilenceMatcher> matchers, CancellationToken cancellationToken) =>
        upstream.CallAsync(token => client.ListAsync(address, matchers, token), cancellationToken);

    private async Task<IReadOnlyList<Silence>> OwnAsync(Uri address, Guid proposalId, CancellationToken cancellationToken)
    {
        var mark = SilenceText.Mark(proposalId);
        var all = await client.SilencesAsync(address, cancellationToken);
        return [.. all.Where(silence => silence.CreatedBy == Creator && silence.Comment.Contains(mark, StringComparison.Ordinal))];
    }

    private async Task EndAsync(Uri address, IEnumerable<Silence> silences, CancellationToken cancellationToken)
    {
        foreach (var silence in silences.ToList())
        {
            await upstream.CallAsync(
                async token =>
                {
                    await client.EndAsync(address, silence.Id!, token);
                    return true;
                },
                cancellationToken);
        }
    }
}
