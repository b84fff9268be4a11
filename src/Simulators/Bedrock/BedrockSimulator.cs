using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AlertResponder.Simulators.Traffic;

namespace AlertResponder.Simulators.Bedrock;

/// <summary>
/// Bedrock's runtime, the Converse operation alone. It says only what a script has it say: without one, a call is unexpected and
/// answered with a <c>ValidationException</c>. Bad signatures and invalid requests are unexpected calls, too.
/// </summary>
public sealed class BedrockSimulator : Simulator
{
    /// <summary>The model that exists at first, by itself or through a regional inference profile (<c>us.</c>, <c>eu.</c>, ...).</summary>
    public const string NovaMicro = "amazon.nova-micro-v1:0";

    private const int CharactersPerToken = 4;
    private const string NotJson = "The request body is not JSON.";

    private readonly Lock _lock = new();
    private readonly Queue<(string Text, string? StopReason)> _answers = [];
    private readonly SignatureVersion4 _signature;
    private Func<JsonElement, string>? _script;

    private BedrockSimulator(SignatureVersion4 signature, TimeProvider? time, IPEndPoint? listenOn)
        : base(time, listenOn) => _signature = signature;

    /// <summary>The models that may be asked; others are answered with a <c>ValidationException</c>.</summary>
    public ISet<string> Models { get; } = new HashSet<string>(StringComparer.Ordinal) { NovaMicro };

    /// <summary>Why the model stops where an answer does not say it: <c>end_turn</c>, <c>max_tokens</c>...</summary>
    public string StopReason { get; set; } = "end_turn";

    /// <summary>Starts a region.</summary>
    /// <param name="accessKey">The access key that callers must sign with.</param>
    /// <param name="secretKey">Its secret.</param>
    /// <param name="region">For instance <c>us-east-1</c>; part of the signature.</param>
    /// <param name="sessionToken">The session token that must come along; null for none.</param>
    /// <param name="time">The clock that signatures are compared with.</param>
    /// <param name="listenOn">Null for a free port of the loopback interface.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<BedrockSimulator> StartAsync(
        string accessKey,
        string secretKey,
        string region,
        string? sessionToken = null,
        TimeProvider? time = null,
        IPEndPoint? listenOn = null,
        CancellationToken cancellationToken = default)
    {
        var signature = new SignatureVersion4(accessKey, secretKey, sessionToken, region, "bedrock");
        var bedrock = new BedrockSimulator(signature, time, listenOn);
        await bedrock.ListenAsync(cancellationToken);
        return bedrock;
    }

    /// <summary>The model's answer to one of the next calls, in turn. Queued answers come before <see cref="AnswerWith"/>.</summary>
    /// <param name="text">What it says.</param>
    /// <param name="stopReason">Why it stops; null for <see cref="StopReason"/>.</param>
    public void Enqueue(string text, string? stopReason = null)
    {
        lock (_lock)
            _answers.Enqueue((text, stopReason));
    }

    /// <summary>The model's answer to every call for which none is queued.</summary>
    /// <param name="script">From the request's JSON body to what the model says.</param>
    public void AnswerWith(Func<JsonElement, string> script)
    {
        lock (_lock)
            _script = script;
    }

    private protected override IEnumerable<KeyValuePair<string, string>> CommonHeaders() =>
        [new("x-amzn-RequestId", Guid.NewGuid().ToString())];

    private protected override ValueTask<Answer> AnswerAsync(RecordedRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Route(request));

    private Answer Route(RecordedRequest request)
    {
        if (request.Path.Split('/') is not ["", "model", { Length: > 0 } model, "converse"])
            return BedrockErrors.Error(404, "UnknownOperationException", "") with { Unexpected = "there is no such operation" };
        if (request.Method != "POST")
            return BedrockErrors.Error(405, "UnknownOperationException", "") with { Unexpected = "Converse is a POST" };
        if (_signature.Verify(request, Time.GetUtcNow()) is { } fault)
            return BedrockErrors.Error(403, fault.Error, fault.Message) with { Unexpected = $"{fault.Error}: {fault.Message}" };
        return Converse(Uri.UnescapeDataString(model), request);
    }

    private Answer Converse(string model, RecordedRequest request)
    {
        var started = Stopwatch.GetTimestamp();
        if (!Models.Any(known => Names(model, known)))
            return Invalid("The provided model identifier is invalid.");
        if (Parse(request.Body) is not { } body)
            return BedrockErrors.Error(400, "SerializationException", NotJson) with { Unexpected = NotJson };
        if (ConverseRules.Violation(body) is { } violation)
            return Invalid(violation);
        if (Next(body) is not var (text, stopReason))
            return Invalid("The simulator has no answer for this request.");
        return Answer.Json(200, Response(body, text, stopReason, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds));
    }

    /// <summary>By its id, by that of an inference profile (<c>us.</c> before it), or by the ARN of either.</summary>
    private static bool Names(string model, string known) =>
        model == known || (model.EndsWith(known, StringComparison.Ordinal) && model[^(known.Length + 1)] is '.' or '/');

    private (string Text, string StopReason)? Next(JsonElement body)
    {
        Func<JsonElement, string>? script;
        lock (_lock)
        {
            if (_answers.TryDequeue(out var queued))
                return (queued.Text, queued.StopReason ?? StopReason);
            script = _script;
        }

        // Outside of the lock: a script may take its time, or queue answers itself.
        return script is null ? null : (script(body), StopReason);
    }

    /// <summary>
    /// Tokens are approximated: four characters of text each, rounded up. That is about right for English and JSON, and good enough to
    /// count cost with; it is not the model's own count.
    /// </summary>
    private static JsonObject Response(JsonElement request, string text, string stopReason, long latencyMs)
    {
        var (input, output) = (Tokens(JsonText.TextLength(request)), Tokens(text.Length));
        return new JsonObject
        {
            ["metrics"] = new JsonObject { ["latencyMs"] = Math.Max(1, latencyMs) },
            ["output"] = new JsonObject
            {
                ["message"] = new JsonObject
                {
                    ["content"] = new JsonArray(new JsonObject { ["text"] = text }),
                    ["role"] = "assistant",
                },
            },
            ["stopReason"] = stopReason,
            ["usage"] = new JsonObject { ["inputTokens"] = input, ["outputTokens"] = output, ["totalTokens"] = input + output },
        };
    }

    private static int Tokens(int characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;

    private static JsonElement? Parse(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Answer Invalid(string message) => BedrockErrors.Validation(message) with { Unexpected = message };
}
