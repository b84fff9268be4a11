using System.Text.Json.Nodes;
using AlertResponder.Connections.Alertmanager;
using AlertResponder.Host.Commands;

namespace AlertResponder.Host.Doctor;

/// <summary>Whether the Alertmanager for silences and the comparison answers, and whether what is silenced is compared.</summary>
internal static class AlertmanagerCheck
{
    private const string Subject = "Alertmanager";
    private const string Fix = "See that Alertmanager:Url is its address (http://host:9093), with the path if it has one";

    /// <param name="options">The section <c>Alertmanager</c>.</param>
    /// <param name="compares">Whether this process has the role enrichment.</param>
    /// <param name="silences">Whether silences are on; null where another process has the role remediation.</param>
    public static Check Of(AlertmanagerOptions options, bool compares, bool? silences) => new(
        Subject, Fix, async cancellationToken => [await ExamineAsync(options, cancellationToken), .. Together(options, compares, silences)]);

    // No webhook tells of the end of a silenced alert: enrichment must ask whom remediation has told.
    private static IEnumerable<Finding> Together(AlertmanagerOptions options, bool compares, bool? silences)
    {
        var isSet = !string.IsNullOrEmpty(options.Url);
        if (compares && silences == true && options.CompareSeconds == 0)
        {
            yield return Finding.Fail(
                Subject, "Silences are on and Alertmanager:CompareSeconds is 0: an incident whose alerts are silenced when they are over stays open for ever", "Set it to 120, or remove it");
        }
        else if (compares && silences is null && !(isSet && options.CompareSeconds > 0))
        {
            yield return Finding.Note(
                Subject,
                $"Where remediation makes silences, {(isSet ? "remove Alertmanager:CompareSeconds=0 here" : "set Alertmanager:Url here too, to the same address as there")}: only the comparison finds out that a silenced alert is over.");
        }
        else if (!compares && silences == true)
        {
            yield return isSet
                ? Finding.Note(Subject, "Silences are on: set Alertmanager:Url to the same address for the role enrichment, which alone finds out that a silenced alert is over.")
                : Finding.Note(Subject, "Silences are on: set Alertmanager:Url for the roles enrichment and remediation, unless both can call the address that the webhook states.");
        }
    }

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
