using System.Globalization;
using AlertResponder.Incidents;
using AlertResponder.Notification.Cards;
using Spectre.Console;

namespace AlertResponder.Notification.Console;

/// <summary>The board where Slack is not configured: what is printed cannot be redrawn, so an update is printed again and says so.</summary>
internal sealed class ConsoleMessageBoard(IAnsiConsole console) : IMessageBoard
{
    private const string Channel = "console";
    private const int MaxWhisper = 3_000;

    private readonly Lock gate = new();

    public Task PostTurnAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task UrgentPostTurnAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public bool TryPostTurn() => true;

    public Task UpdateTurnAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public bool TryUpdateTurn() => true;

    public Task<PostedMessage> PostAsync(IncidentSnapshot incident, Func<string, Task> intendAsync, CancellationToken cancellationToken)
    {
        Write(incident, updated: false);
        return Task.FromResult(new PostedMessage(Channel, incident.Id.ToString("D", CultureInfo.InvariantCulture)));
    }

    public Task<UpdateResult> UpdateAsync(PostedMessage message, IncidentSnapshot incident, CancellationToken cancellationToken)
    {
        Write(incident, updated: true);
        return Task.FromResult(UpdateResult.Updated);
    }

    /// <summary>Always null: a console does not tell what was printed on it, and a card printed twice does no harm.</summary>
    public Task<PostedMessage?> FindAsync(Guid incidentId, int number, string? intended, DateTimeOffset since, CancellationToken cancellationToken) =>
        Task.FromResult<PostedMessage?>(null);

    /// <summary>Always null: a card is printed whole.</summary>
    public ThreadReply? Overflow(IncidentSnapshot incident) => null;

    public Task<string?> ReplyAsync(PostedMessage message, ThreadReply reply, string? ts, CancellationToken cancellationToken)
    {
        lock (gate)
            ConsoleCard.Write(console, new Card(reply.IncidentId, CardTone.Calm, reply.Headline, reply.Headline, reply.Parts), updated: true);
        return Task.FromResult<string?>(reply.Key);
    }

    /// <summary>On a console everybody sees everything.</summary>
    public Task WhisperAsync(PostedMessage message, string person, CardLine line, CancellationToken cancellationToken)
    {
        var text = ForeignText.Block(string.Concat(line.Spans.Select(span => span.Text)), MaxWhisper);
        lock (gate)
            console.Profile.Out.Writer.WriteLine($"To {ForeignText.Line(person, 60)}: {text}");
        return Task.CompletedTask;
    }

    /// <summary>Printed again where it may be there: a console does not tell.</summary>
    public Task NoteAsync(Note note, DateTimeOffset? mayBeThere, CancellationToken cancellationToken)
    {
        lock (gate)
            ConsoleCard.Write(console, new Card(Guid.Empty, CardTone.Warning, note.Headline, note.Headline, note.Parts), updated: false);
        return Task.CompletedTask;
    }

    private void Write(IncidentSnapshot incident, bool updated)
    {
        var card = IncidentCard.Draw(incident);
        lock (gate)
            ConsoleCard.Write(console, card, updated);
    }
}
