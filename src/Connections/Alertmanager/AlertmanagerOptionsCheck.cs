using Microsoft.Extensions.Options;

namespace AlertResponder.Connections.Alertmanager;

/// <summary>What is wrong with the section <c>Alertmanager</c>, each with its fix.</summary>
internal sealed class AlertmanagerOptionsCheck : IValidateOptions<AlertmanagerOptions>
{
    private const int Shortest = 5;
    private const int Longest = 3600;

    public ValidateOptionsResult Validate(string? name, AlertmanagerOptions options)
    {
        var errors = Errors(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Errors(AlertmanagerOptions options)
    {
        var hasToken = !string.IsNullOrEmpty(options.BearerToken);
        var (hasUser, hasPassword) = (!string.IsNullOrEmpty(options.Username), !string.IsNullOrEmpty(options.Password));
        if (!string.IsNullOrEmpty(options.Url) && AlertmanagerAddress.Of(options.Url) is null)
        {
            yield return "Alertmanager:Url is no http(s) address without user and query: set it to http://host:9093, with the path if it has one, and credentials in Alertmanager:Username and Alertmanager:Password.";
        }

        if ((hasToken || hasUser || hasPassword) && string.IsNullOrEmpty(options.Url))
        {
            yield return "Alertmanager has credentials without Alertmanager:Url: set it, since they are not sent to an address that a webhook states.";
        }

        if (hasToken && (hasUser || hasPassword))
        {
            yield return "Alertmanager has BearerToken and Username: remove one of them.";
        }

        if (options.CompareSeconds is not (0 or (>= Shortest and <= Longest)))
        {
            yield return $"Alertmanager:CompareSeconds is {options.CompareSeconds}: set it to {Shortest} to {Longest}, or to 0 for no comparison.";
        }

        if (hasUser != hasPassword)
        {
            yield return $"Alertmanager:{(hasUser ? "Password" : "Username")} is missing: set both, or none.";
        }
    }
}
