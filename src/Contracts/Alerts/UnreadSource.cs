namespace AlertResponder.Contracts;

/// <summary>Something that enrichment wanted to read and could not. Named in the message, never fatal.</summary>
/// <param name="What">For people: <c>previous log of Pod cardboard/x (scraper)</c>.</param>
/// <param name="Reason">Why: <c>forbidden</c>, <c>not found</c>, <c>timed out</c>, <c>paused until 02:13 UTC</c>, ...</param>
public sealed record UnreadSource(string What, string Reason);
