using System.Globalization;
using System.Text;
using AlertResponder.Host.Bus;
using AlertResponder.Host.Commands;
using AlertResponder.Host.DeadLetters;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace AlertResponder.Host.Doctor;

/// <summary>Whether RabbitMQ answers, lets us in and lets us declare queues; and whether messages lie in error queues.</summary>
internal static class BrokerCheck
{
    private const string Subject = "RabbitMQ";
    private const ushort AccessRefused = 403;
    private const ushort NotAllowed = 530;

    /// <param name="address"><c>ConnectionStrings:RabbitMq</c>; null without.</param>
    public static Check Of(string? address) => new(
        Subject,
        "See that RabbitMQ runs and that ConnectionStrings:RabbitMq is its address (amqp://user:pass@host:5672/vhost)",
        cancellationToken => ExamineAsync(address, cancellationToken));

    private static async Task<IReadOnlyList<Finding>> ExamineAsync(string? address, CancellationToken cancellationToken)
    {
        if (address is null)
        {
            return [Finding.Note(Subject, "ConnectionStrings:RabbitMq is not set: the bus is in memory, all roles in one process.")];
        }

        var factory = BrokerAddress.Factory(address);
        var where = BrokerAddress.Shown(factory);
        try
        {
            await using var connection = await factory.CreateConnectionAsync(cancellationToken);
            await DeclareAsync(connection, cancellationToken);
            return [Finding.Ok(Subject, $"{Version(connection)} at {where}; may declare queues"), .. await DeadLettersAsync(factory, cancellationToken)];
        }
        catch (BrokerUnreachableException e) when (Find<AuthenticationFailureException>(e) is not null)
        {
            return [Finding.Fail(Subject, $"{where} refuses user {ForeignLine.Of(factory.UserName)} or the password", "Correct ConnectionStrings:RabbitMq (guest may come from loopback only)")];
        }
        catch (Exception e) when (Find<OperationInterruptedException>(e) is { ShutdownReason.ReplyCode: NotAllowed } refused)
        {
            // The client says it while it connects or right after, by whether the broker has closed the connection by then.
            return [Finding.Fail(Subject, $"{where}: {ForeignLine.Of(refused.ShutdownReason?.ReplyText)}", $"Make the virtual host and let the user in: rabbitmqctl add_vhost {factory.VirtualHost}; {Grant(factory)}")];
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == AccessRefused)
        {
            return [Finding.Fail(Subject, $"{where}: {ForeignLine.Of(e.ShutdownReason.ReplyText)}", $"Let the user declare, write and read: {Grant(factory)}")];
        }
        catch (BrokerUnreachableException e)
        {
            return [Finding.Fail(Subject, $"{where} does not answer ({ForeignLine.Of(e.GetBaseException().Message)})", "Start RabbitMQ, or correct ConnectionStrings:RabbitMq")];
        }
    }

    // Exclusive, so that it is gone with the connection whatever happens.
    private static async Task DeclareAsync(IConnection connection, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var name = $"alert-responder-doctor-{Guid.NewGuid():N}";
        await channel.QueueDeclareAsync(name, durable: false, exclusive: true, autoDelete: true, cancellationToken: cancellationToken);
        await channel.QueueDeleteAsync(name, cancellationToken: cancellationToken);
    }

    private static async Task<IReadOnlyList<Finding>> DeadLettersAsync(ConnectionFactory factory, CancellationToken cancellationToken)
    {
        await using var queues = await DeadLetterQueues.OpenAsync(factory, cancellationToken);
        List<string> waiting = [];
        foreach (var stage in DeadLetterQueues.Stages)
        {
            if (await queues.CountAsync(stage, cancellationToken) is > 0 and var count)
            {
                waiting.Add(string.Create(CultureInfo.InvariantCulture, $"{count} in {DeadLetterQueues.QueueOf(stage)}"));
            }
        }

        return waiting.Count == 0 ? [] : [Finding.Note("error queues", $"Messages wait: {string.Join(", ", waiting)}. `dead-letters list` shows them.")];
    }

    private static string Version(IConnection connection) =>
        connection.ServerProperties?.TryGetValue("version", out var version) == true && version is byte[] text ? ForeignLine.Of(Encoding.UTF8.GetString(text)) : "answers";

    private static string Grant(ConnectionFactory factory) =>
        $"rabbitmqctl set_permissions -p {ForeignLine.Of(factory.VirtualHost)} {ForeignLine.Of(factory.UserName)} '.*' '.*' '.*'";

    private static T? Find<T>(Exception? exception)
        where T : Exception => exception switch
    {
        null => null,
        T found => found,
        AggregateException many => many.InnerExceptions.Select(Find<T>).FirstOrDefault(found => found is not null),
        _ => Find<T>(exception.InnerException),
    };
}
