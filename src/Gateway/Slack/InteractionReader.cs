using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Newtonsoft.Json;
using SlackNet;
using SlackNet.Interaction;

namespace AlertResponder.Gateway.Slack;

/// <summary>Reads the body of a callback: a form whose field <c>payload</c> is JSON.</summary>
internal static class InteractionReader
{
    private static readonly JsonSerializerSettings Settings = Default.JsonSettings().SerializerSettings;

    /// <returns>What a person did; null when it is no click.</returns>
    /// <exception cref="NotAnInteractionException">The body is not Slack's.</exception>
    public static BlockActionRequest? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            using var form = new FormReader(Encoding.UTF8.GetString(body));
            return form.ReadForm().TryGetValue("payload", out var payload)
                ? JsonConvert.DeserializeObject<InteractionRequest>(payload.ToString(), Settings) as BlockActionRequest
                : throw new NotAnInteractionException("it has no field payload");
        }
        catch (Exception e) when (e is not NotAnInteractionException)
        {
            // Whatever the readers of forms and of JSON make of junk. Their messages quote it, so they are not told.
            throw new NotAnInteractionException("it cannot be read", e);
        }
    }
}

/// <summary>A body that Slack would not send; the message says why, without quoting it.</summary>
internal sealed class NotAnInteractionException(string message, Exception? inner = null) : Exception(message, inner);
