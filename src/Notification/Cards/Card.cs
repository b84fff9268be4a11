using AlertResponder.Contracts;

namespace AlertResponder.Notification.Cards;

/// <summary>What there is to tell about an incident, ready to be rendered for any board. All its text is on one line, bounded and free of control characters.</summary>
/// <param name="IncidentId">The incident.</param>
/// <param name="Tone">Its state as a colour.</param>
/// <param name="Title">State and subject, at most <see cref="MaxTitle"/> characters.</param>
/// <param name="Headline">Title and cause in one line, for push notifications and screen readers.</param>
/// <param name="Parts">Top to bottom; none is empty.</param>
internal sealed record Card(Guid IncidentId, CardTone Tone, string Title, string Headline, IReadOnlyList<CardPart> Parts)
{
    /// <summary>Slack's limit for a header block.</summary>
    public const int MaxTitle = 150;
}

/// <summary>Some lines that belong together.</summary>
/// <param name="Style">How loud they are.</param>
/// <param name="Lines">Top to bottom; none is empty.</param>
/// <param name="Rank">Where there is no room for all parts, those of a higher rank give way first; of rank 0 is what a message begins with.</param>
internal sealed record CardPart(CardPartStyle Style, IReadOnlyList<CardLine> Lines, int Rank = 1)
{
    /// <summary>Below the lines, left to right, on boards that have buttons. They never give way; a part may have nothing else.</summary>
    public IReadOnlyList<CardButton> Buttons { get; init; } = [];
}

/// <summary>Something that a person can ask for.</summary>
/// <param name="Verb">What.</param>
/// <param name="ProposalId">Of which proposal.</param>
/// <param name="Text">At most <see cref="MaxText"/> characters.</param>
/// <param name="Style">What it looks like.</param>
/// <param name="Confirm">What is asked before; null when nothing is.</param>
internal sealed record CardButton(RemediationVerb Verb, Guid ProposalId, string Text, CardButtonStyle Style = CardButtonStyle.Plain, CardConfirm? Confirm = null)
{
    /// <summary>Slack's limit.</summary>
    public const int MaxText = 75;
}

/// <summary>A question before a button counts.</summary>
/// <param name="Title">At most <see cref="MaxTitle"/> characters.</param>
/// <param name="Text">At most <see cref="MaxText"/> characters, in lines.</param>
/// <param name="Yes">The answer that goes ahead.</param>
internal sealed record CardConfirm(string Title, string Text, string Yes)
{
    /// <summary>Slack's limit.</summary>
    public const int MaxTitle = 100;

    /// <summary>Slack's limit.</summary>
    public const int MaxText = 300;

    /// <summary>Of each of the two answers.</summary>
    public const int MaxAnswer = 30;
}

/// <summary>What a button looks like.</summary>
internal enum CardButtonStyle
{
    Plain,

    /// <summary>What helps best.</summary>
    Primary,

    /// <summary>What cannot be undone.</summary>
    Danger,
}

/// <summary>How loud a part of a card is.</summary>
internal enum CardPartStyle
{
    Body,

    /// <summary>Small print.</summary>
    Quiet,

    /// <summary>Lines to be shown as they are: a diff, a log. They have one span each.</summary>
    Preformatted,
}

/// <summary>One line.</summary>
/// <param name="Spans">Left to right.</param>
/// <param name="Bullet">Whether it is an item of a list.</param>
internal sealed record CardLine(IReadOnlyList<CardSpan> Spans, bool Bullet = false)
{
    public static CardLine Of(params CardSpan[] spans) => new(spans);

    public static CardLine Item(params CardSpan[] spans) => new(spans, Bullet: true);
}

/// <summary>A run of characters in one style. Renderers escape its text; nothing in it is markup.</summary>
/// <param name="Style">The style.</param>
/// <param name="Text">Never empty.</param>
/// <param name="Target">Where a link leads; null for the other styles.</param>
internal sealed record CardSpan(CardSpanStyle Style, string Text, Uri? Target = null)
{
    public static CardSpan Plain(string text) => new(CardSpanStyle.Plain, text);

    public static CardSpan Strong(string text) => new(CardSpanStyle.Strong, text);

    public static CardSpan Code(string text) => new(CardSpanStyle.Code, text);

    /// <summary>A person, by the id that the chat knows them by.</summary>
    public static CardSpan Person(string id) => new(CardSpanStyle.Person, id);

    /// <summary>A channel, by its id.</summary>
    public static CardSpan Channel(string id) => new(CardSpanStyle.Channel, id);

    public static CardSpan Link(string text, Uri target) => new(CardSpanStyle.Link, text, target);
}

/// <summary>How a run of characters looks.</summary>
internal enum CardSpanStyle
{
    Plain,
    Strong,
    Code,
    Link,
    Person,
    Channel,
}

/// <summary>The state of an incident as a colour.</summary>
internal enum CardTone
{
    /// <summary>Open, but nothing is wrong (any more).</summary>
    Calm,
    Warning,
    Critical,
    Resolved,
}
