using System.Globalization;
using AlertResponder.Host.Bus;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace AlertResponder.Host.DeadLetters;

/// <summary>The stages' error queues on RabbitMQ, by its own client: the bus has no way to look at a queue or to empty it once.</summary>
internal sealed class DeadLetterQueues : IAsyncDisposable
{
    /// <summary>The stages that have a queue, by its name.</summary>
    public static readonly IReadOnlyList<string> Stages = ["enrichment", "analysis", "notification", "remediation", "remediation-proposals"];

    private const ushort NotFound = 404;
    private const string DeliveryCount = "x-delivery-count";

    // RabbitMQ 4 drops what it has delivered twenty times from a quorum queue, and giving back what was only looked at counts.
    private const long MostDeliveries = 10;

    private static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private readonly IConnection connection;

    private DeadLetterQueues(IConnection connection) => this.connection = connection;

    /// <exception cref="BrokerUnreachableException">The broker does not answer, or lets nobody in with this user and password.</exception>
    public static async Task<DeadLetterQueues> OpenAsync(ConnectionFactory factory, CancellationToken cancellationToken) =>
        new(await factory.CreateConnectionAsync(cancellationToken));

    /// <summary>The name of a stage's error queue.</summary>
    public static string QueueOf(string stage) => $"{stage}_error";

    /// <summary>How many messages wait in a stage's error queue; none where there is no queue yet.</summary>
    public async Task<uint> CountAsync(string stage, CancellationToken cancellationToken)
    {
        // A channel of its own: RabbitMQ closes it where there is no such queue.
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            return (await channel.QueueDeclarePassiveAsync(QueueOf(stage), cancellationToken)).MessageCount;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == NotFound)
        {
            return 0;
        }
    }

    /// <summary>The oldest messages of a stage's error queue. They stay there.</summary>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(string stage, long limit, CancellationToken cancellationToken)
    {
        List<DeadLetter> letters = [];
        var count = Math.Min(limit, await CountAsync(stage, cancellationToken));
        if (count == 0)
        {
            return letters;
        }

        // What is not acknowledged goes back to its place when the channel closes.
        await using var channel = await connection.CreateChannelAsync(Confirmed, cancellationToken);
        while (letters.Count < count && await channel.BasicGetAsync(QueueOf(stage), autoAck: false, cancellationToken) is { } message)
        {
            letters.Add(DeadLetter.Of(message));
            if (Deliveries(message) >= MostDeliveries)
            {
                await MoveAsync(channel, message, QueueOf(stage), new BasicProperties(message.BasicProperties), cancellationToken);
            }
        }

        return letters;
    }

    /// <summary>
    /// Moves the messages that are in a stage's error queue now to the stage's queue. What fails again meanwhile comes behind these, and
    /// is not moved again. A crash between two lines leaves a message in both queues, which the stages take as a repeat.
    /// </summary>
    /// <returns>How many were moved.</returns>
    /// <exception cref="PublishException">There is no such queue, or the broker did not confirm; the message stays in the error queue.</exception>
    public async Task<int> ReplayAsync(string stage, CancellationToken cancellationToken)
    {
        var count = await CountAsync(stage, cancellationToken);
        if (count == 0)
        {
            return 0;
        }

        await using var channel = await connection.CreateChannelAsync(Confirmed, cancellationToken);
        var moved = 0;
        while (moved < count && await channel.BasicGetAsync(QueueOf(stage), autoAck: false, cancellationToken) is { } message)
        {
            await MoveAsync(channel, message, stage, WithoutFault(message.BasicProperties), cancellationToken);
            moved++;
        }

        return moved;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    // By the default exchange, which knows every queue by its name. The old one is given up only once the new one is confirmed.
    private static async Task MoveAsync(
        IChannel channel, BasicGetResult message, string queue, BasicProperties properties, CancellationToken cancellationToken)
    {
        properties.Headers?.Remove(DeliveryCount);
        await channel.BasicPublishAsync("", queue, mandatory: true, properties, message.Body, cancellationToken);
        await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
    }

    private static BasicProperties WithoutFault(IReadOnlyBasicProperties properties) => new(properties)
    {
        Headers = properties.Headers?
            .Where(header => !header.Key.StartsWith("MT-Fault-", StringComparison.Ordinal) && header.Key != "MT-Reason")
            .ToDictionary(StringComparer.Ordinal),
    };

    private static long Deliveries(BasicGetResult message) =>
        message.BasicProperties.Headers?.TryGetValue(DeliveryCount, out var count) == true ? Convert.ToInt64(count, CultureInfo.InvariantCulture) : 0;
}
