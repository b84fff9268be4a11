namespace SlackNet;

/// <summary>Where a Web API method is called. Another base address is had by wrapping <see cref="Default.UrlBuilder"/>.</summary>
public interface ISlackUrlBuilder
{
    /// <param name="apiMethod">Such as chat.postMessage.</param>
    /// <param name="args">The query; empty for a method that posts its arguments.</param>
    string Url(string apiMethod, Dictionary<string, object> args);
}
