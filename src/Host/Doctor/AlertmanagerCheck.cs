using System.Text.Json.Nodes;
using AlertResponder.Host.Commands;
using AlertResponder.Resilience.Alertmanager;

namespace AlertResponder.Host.Doctor;

/// <summary>Whether the Alertmanager for silences answers.</summary>
internal static class AlertmanagerCheck
{
    private const string Subject = "Alertmanager";
    private const string Fix = "See that Alertmanager:Url is its address (http://host:9093), with the path if it has one";

    /// <param name="options">The section <c>Alertmanager</c>.</param>
    public static Check Of(AlertmanagerOptions options) => new(Subject, Fix, async cancellationToken => [await ExamineAsync(options, cancellationToken)]);

    private static async Task<Finding> ExamineAsync(AlertmanagerOptions options, CancellationToken cancellationToken)
    {
        var url = options.Url;
        if (string.IsNullOrEmpty(url))
        {
            return Finding.Note(Subject, "Alertmanager:Url is not set: it is the address that the webhook states.");
        }

        var address = new Uri($"{url.TrimEnd('/')}/api/v2/status");
        var where = address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = options.Authorization() } };
        try
        {
            using var response = await http.GetAsync(address, cancellationToken);
            var status = response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken)) : null;
            return status?["versionInfo"]?["version"] is JsonValue version
                ? Finding.Ok(Subject, $"{ForeignLine.Of(version.ToString())} at {where}")
                : Finding.Fail(Subject, $"{where} answers {(int)response.StatusCode}, but not as an Alertmanager", Fix);
        }
        catch (System.Text.Json.JsonException)
        {
            return Finding.Fail(Subject, $"{where} answers, but not as an Alertmanager", Fix);
        }
        catch (HttpRequestException e)
        {
            return Finding.Fail(Subject, $"{where} does not answer ({ForeignLine.Of(e.Message).TrimEnd('.')})", Fix);
        }
    }
}
