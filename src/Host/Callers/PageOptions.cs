namespace AlertResponder.Host.Callers;

/// <summary>Section <c>Page</c>: of the page, and of <c>/status</c> in every role.</summary>
internal sealed class PageOptions
{
    private const int Shortest = 16;

    /// <summary>What is wrong with a token that <see cref="IsLongEnough"/> denies; never the token.</summary>
    public static readonly string TooShort = $"Page:Token is shorter than {Shortest} characters: make one with `openssl rand -hex 32`.";

    /// <summary>What whoever sees incidents must know. Without one only loopback may see them.</summary>
    public string? Token { get; set; }

    /// <summary>Whether there is none, or one that nobody guesses.</summary>
    public bool IsLongEnough() => Token is not { Length: > 0 and < Shortest };
}
