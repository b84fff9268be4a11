using SlackNet.Interaction;

namespace SlackNet;

public static class SlackApiClientExtensions
{
    /// <summary>Answers what a person did: to the person or the channel, or in place of the message that was clicked.</summary>
    /// <exception cref="HttpRequestException">404: half an hour has passed, or five answers have been given.</exception>
    /// <inheritdoc cref="ISlackApiClient.Post{T}" path="/exception" />
    public static Task Respond(
        this ISlackApiClient client,
        InteractionRequest request,
        MessageResponse response,
        CancellationToken cancellationToken = default) =>
        client.Respond(request.ResponseUrl, new MessageUpdateResponse(response), cancellationToken);
}
