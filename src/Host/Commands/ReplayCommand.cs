using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Nodes;
using AlertResponder.Host.Settings;

namespace AlertResponder.Host.Commands;

/// <summary>Posts recorded webhooks to a running gateway, as Alertmanager does.</summary>
internal static class ReplayCommand
{
    private const string Path = "/webhooks/alertmanager";
    private const string StandardInput = "-";
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    /// <param name="files">Webhooks; <c>-</c> is the standard input.</param>
    /// <param name="url">The gateway's address; null for where this configuration says it listens.</param>
    /// <param name="now">Whether the alerts' times are moved to now.</param>
    /// <param name="settings">Settings as <c>--Section:Name=value</c>.</param>
    /// <param name="streams">Where the answers go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code: 0 when the gateway took all of them.</returns>
    public static async Task<int> ExecuteAsync(
        string[] files, Uri? url, bool now, string[] settings, InvocationConfiguration streams, TimeProvider time, CancellationToken cancellationToken)
    {
        var configuration = Pipeline.Configuration(settings);
        var target = Target(url ?? ListeningAddress(configuration));
        List<Recording> recordings = [];
        var failed = false;
        foreach (var file in files)
        {
            var recording = await ReadAsync(file, cancellationToken);
            recordings.Add(recording);
            failed |= recording.Error is not null;
        }

        if (now)
        {
            WebhookTimes.MoveTo(time.GetUtcNow(), recordings.Select(recording => recording.Webhook).OfType<JsonNode>());
        }

        using var http = new HttpClient();
        if (configuration["Gateway:WebhookToken"] is { Length: > 0 } token)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var recording in recordings)
        {
            var answer = recording.Error is { } error ? new Answer(Taken: false, error) : await PostAsync(http, target, recording.Webhook!, time, cancellationToken);
            failed |= !answer.Taken;
            await (answer.Taken ? streams.Output : streams.Error).WriteLineAsync($"{recording.Name}: {answer.Text}");
        }

        return failed ? ExitCodes.Failed : ExitCodes.Done;
    }

    /// <summary>Where a gateway with this configuration listens, from this machine's point of view.</summary>
    internal static Uri ListeningAddress(IConfiguration configuration)
    {
        var address = configuration["urls"] is { Length: > 0 } urls ? urls.Split(';')[0] : Pipeline.DefaultAddress;
        var local = address.Replace("://+", "://localhost", StringComparison.Ordinal).Replace("://*", "://localhost", StringComparison.Ordinal)
            .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal).Replace("://[::]", "://localhost", StringComparison.Ordinal);
        return Uri.TryCreate(local, UriKind.Absolute, out var uri)
            ? uri
            : throw new SettingsException([$"ASPNETCORE_URLS has no address that can be called ({address}): give the gateway's with --url."]);
    }

    private static Uri Target(Uri address) => address.AbsolutePath == "/" ? new Uri(address, Path) : address;

    private static async Task<Recording> ReadAsync(string file, CancellationToken cancellationToken)
    {
        var name = file == StandardInput ? "standard input" : file;
        try
        {
            await using var stream = file == StandardInput ? System.Console.OpenStandardInput() : File.OpenRead(file);
            return await JsonNode.ParseAsync(stream, cancellationToken: cancellationToken) is JsonObject webhook
                ? new Recording(name, webhook, null)
                : new Recording(name, null, "is no webhook: it must be a JSON object.");
        }
        catch (JsonException e)
        {
            return new Recording(name, null, $"is no JSON ({ForeignLine.Of(e.Message)}).");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new Recording(name, null, "there is no such file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Recording(name, null, $"cannot be read ({ForeignLine.Of(e.Message)}).");
        }
    }

    // As Alertmanager: 5xx is tried again after a while, everything else is final.
    private static async Task<Answer> PostAsync(HttpClient http, Uri target, JsonNode webhook, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                using var content = new StringContent(webhook.ToJsonString(), MediaTypeHeaderValue.Parse(MediaTypeNames.Application.Json));
                using var response = await http.PostAsync(target, content, cancellationToken);
                if (response.StatusCode < HttpStatusCode.InternalServerError || tries > Pauses.Length)
                {
                    return await AnswerAsync(response, target, tries, cancellationToken);
                }
            }
            catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
            {
                return new Answer(Taken: false, $"nothing answers at {Shown(target)} ({ForeignLine.Of(e.Message)}). Start the pipeline (run), or give the gateway's address with --url.");
            }
            catch (HttpRequestException e)
            {
                return new Answer(Taken: false, $"the call to {Shown(target)} failed: {ForeignLine.Of(e.Message)}.");
            }
            catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return new Answer(Taken: false, $"{Shown(target)} did not answer within {http.Timeout.TotalSeconds:0} s.");
            }

            await Task.Delay(Pauses[tries - 1], time, cancellationToken);
        }
    }

    private static async Task<Answer> AnswerAsync(HttpResponseMessage response, Uri target, int tries, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        var json = Json(body);
        if (response.IsSuccessStatusCode)
        {
            return json is not null && json["accepted"] is JsonValue accepted && accepted.TryGetValue<int>(out var count)
                ? new Answer(Taken: true, Taken(count, json))
                : new Answer(Taken: false, $"{Shown(target)} is no gateway of ours: it answers {(int)response.StatusCode}, but not with what it has accepted.");
        }

        var reason = json?["detail"] is JsonValue detail && detail.TryGetValue<string>(out var text) ? text : response.ReasonPhrase ?? "";
        var fix = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => " Set Gateway__WebhookToken to the gateway's.",
            HttpStatusCode.NotFound => $" The gateway's path is {Path}, and its role gateway must be on.",
            _ when tries > 1 => $" It was tried {tries} times.",
            _ => "",
        };
        return new Answer(Taken: false, $"refused with {(int)response.StatusCode}: {ForeignLine.Of(reason)}{fix}");
    }

    private static string Taken(int accepted, JsonNode answer)
    {
        var setAside = (answer["setAside"] as JsonArray ?? []).Select(reason => ForeignLine.Of(reason?.ToString())).ToList();
        return $"{accepted} accepted" + (setAside.Count == 0 ? "" : $", {setAside.Count} set aside: {string.Join("; ", setAside)}");
    }

    private static JsonObject? Json(string body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Shown(Uri target) => target.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private sealed record Recording(string Name, JsonNode? Webhook, string? Error);

    private sealed record Answer(bool Taken, string Text);
}
