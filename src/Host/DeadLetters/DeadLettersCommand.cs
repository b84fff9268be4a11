using System.CommandLine;
using AlertResponder.Host.Bus;
using AlertResponder.Host.Commands;
using AlertResponder.Host.Roles;
using AlertResponder.Host.Settings;
using RabbitMQ.Client.Exceptions;

namespace AlertResponder.Host.DeadLetters;

/// <summary>Shows the messages in the error queues, or gives them to their stages again.</summary>
internal static class DeadLettersCommand
{
    private const string InMemory =
        """
        No RabbitMQ is configured (ConnectionStrings:RabbitMq): in a single process the error queues are in memory and end with it.
        Nothing depends on them. An alert that is not yet part of an incident is in the table inbox and is tried again after 1, 2, 4 ... 60
        minutes and at the next start; an incident whose message is not up to date is driven again after 1, 2, 4 ... 32 minutes.
        """;

    /// <param name="limit">How many messages of a queue are shown.</param>
    /// <param name="settings">Settings as <c>--Section:Name=value</c>.</param>
    /// <param name="streams">Where the text goes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> ListAsync(int limit, string[] settings, InvocationConfiguration streams, CancellationToken cancellationToken) => WithQueuesAsync(
        settings,
        streams,
        async queues =>
        {
            var total = 0L;
            foreach (var stage in DeadLetterQueues.Stages)
            {
                var count = await queues.CountAsync(stage, cancellationToken);
                total += count;
                await streams.Output.WriteLineAsync($"{DeadLetterQueues.QueueOf(stage)}: {Messages(count)}");
                var letters = await queues.ListAsync(stage, limit, cancellationToken);
                foreach (var letter in letters)
                {
                    await streams.Output.WriteLineAsync(
                        $"  {ForeignLine.Of(letter.FailedAt)}  {ForeignLine.Of(letter.Type)}  {ForeignLine.Of(letter.Subject)}\n      {ForeignLine.Of(letter.Exception)}");
                }

                if (count > letters.Count)
                {
                    await streams.Output.WriteLineAsync($"  and {count - letters.Count} more (--limit)");
                }
            }

            await streams.Output.WriteLineAsync(total == 0 ? "Nothing failed." : "Once the cause is mended: dead-letters replay");
        },
        cancellationToken);

    /// <param name="stages">Whose messages; none for all.</param>
    /// <param name="settings">Settings as <c>--Section:Name=value</c>.</param>
    /// <param name="streams">Where the text goes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> ReplayAsync(string[] stages, string[] settings, InvocationConfiguration streams, CancellationToken cancellationToken)
    {
        // By the queue's name too, as it was listed.
        string[] wanted = [.. stages.Select(stage => stage.EndsWith("_error", StringComparison.Ordinal) ? stage[..^"_error".Length] : stage)];
        if (Array.Find(wanted, stage => !DeadLetterQueues.Stages.Contains(stage)) is { } unknown)
        {
            await streams.Error.WriteLineAsync($"'{unknown}' is no stage with a queue: there are {string.Join(", ", DeadLetterQueues.Stages)}.");
            return ExitCodes.BadUsage;
        }

        return await WithQueuesAsync(
            settings,
            streams,
            async queues =>
            {
                foreach (var stage in wanted.Length == 0 ? DeadLetterQueues.Stages : wanted)
                {
                    var moved = await queues.ReplayAsync(stage, cancellationToken);
                    await streams.Output.WriteLineAsync($"{stage}: {Messages(moved)} given to the stage again");
                }
            },
            cancellationToken);
    }

    private static async Task<int> WithQueuesAsync(string[] settings, InvocationConfiguration streams, Func<DeadLetterQueues, Task> action, CancellationToken cancellationToken)
    {
        var configuration = Pipeline.Configuration(settings);
        if (SettingsCheck.Errors(configuration, Role.All, roleError: null) is { Count: > 0 } errors)
        {
            throw new SettingsException(errors);
        }

        if (configuration.RabbitMq() is not { } address)
        {
            await streams.Output.WriteLineAsync(InMemory);
            return ExitCodes.Done;
        }

        try
        {
            await using var queues = await DeadLetterQueues.OpenAsync(BrokerAddress.Factory(address), cancellationToken);
            await action(queues);
            return ExitCodes.Done;
        }
        catch (PublishException e) when (e.IsReturn)
        {
            await streams.Error.WriteLineAsync("There is no queue to give the message back to; it stays where it is. Start the stage once, then replay again.");
        }
        catch (Exception e) when (e is BrokerUnreachableException or OperationInterruptedException or AlreadyClosedException or PublishException or IOException or TimeoutException)
        {
            await streams.Error.WriteLineAsync($"RabbitMQ failed: {ForeignLine.Of(e.InnerException?.Message ?? e.Message)}. What it did not confirm stays in its error queue. `doctor` says more.");
        }

        return ExitCodes.Failed;
    }

    private static string Messages(long count) => count == 1 ? "1 message" : $"{count} messages";
}
