using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using AlertResponder.Contracts;
using MassTransit;
using MassTransit.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace AlertResponder.Tests.Unit.Contracts;

/// <summary>The messages on MassTransit's wire.</summary>
public sealed class SerializationTests
{
    private static readonly JsonSerializerOptions Wire = SystemTextJsonMessageSerializer.Options;
    private static readonly JsonSerializerOptions Independent = new() { WriteIndented = true };

    public static TheoryData<int, string> Samples
    {
        get
        {
            var samples = new TheoryData<int, string>();
            foreach (var (index, message) in Messages.All.Index())
            {
                samples.Add(index, message.GetType().Name);
            }

            return samples;
        }
    }

    public static TheoryData<string> Enums => [.. typeof(Alert).Assembly.GetExportedTypes().Where(type => type.IsEnum).Select(type => type.Name)];

    [Fact]
    public void Samples_OfEveryMessage_AreThere() =>
        Messages.All.Select(message => message.GetType()).Distinct().Select(type => type.Name).Order(StringComparer.Ordinal).ShouldBe(
        [
            nameof(AlertReceived), nameof(AnalysisCompleted), nameof(ContextEnriched), nameof(IncidentChanged), nameof(RemediationCompleted),
            nameof(RemediationProposed), nameof(RemediationRequested),
        ]);

    [Theory]
    [MemberData(nameof(Samples))]
    public Task Publish_Message_ArrivesWithAllItHas(int index, string type)
    {
        Messages.All[index].GetType().Name.ShouldBe(type);
        var method = typeof(SerializationTests).GetMethod(nameof(ArrivesAsync), BindingFlags.NonPublic | BindingFlags.Static)!;
        return (Task)method.MakeGenericMethod(Messages.All[index].GetType()).Invoke(null, [Messages.All[index]])!;
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Deserialize_FieldsOfALaterVersion_AreIgnored(int index, string type)
    {
        var message = Messages.All[index];
        var json = JsonSerializer.SerializeToNode(message, message.GetType(), Wire)!;
        Extend(json);

        Text(json.Deserialize(message.GetType(), Wire)!).ShouldBe(Text(message), type);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Deserialize_OptionalFieldsOfAnEarlierVersionMissing_AreNull(int index, string type)
    {
        var message = Messages.All[index];
        var json = JsonSerializer.SerializeToNode(message, message.GetType(), Wire)!;
        foreach (var absent in json.AsObject().Where(field => field.Value is null).Select(field => field.Key).ToList())
        {
            json.AsObject().Remove(absent);
        }

        Text(json.Deserialize(message.GetType(), Wire)!).ShouldBe(Text(message), type);
    }

    [Fact]
    public void Deserialize_ReferenceOfOneName_HasNoContainerAndNoUid() =>
        JsonSerializer.Deserialize<ObjectReference>("""{"kind":"Node","name":"k3s-agent-2"}""", Wire).ShouldBe(new ObjectReference("Node", null, "k3s-agent-2"));

    [Theory]
    [MemberData(nameof(Enums))]
    public void Serialize_Enum_IsItsName(string type)
    {
        foreach (var value in Enum.GetValues(typeof(Alert).Assembly.GetType($"AlertResponder.Contracts.{type}", throwOnError: true)!))
        {
            var json = JsonSerializer.Serialize(value, value.GetType(), Wire);

            json.Trim('"').ShouldBe(value.ToString(), StringCompareShould.IgnoreCase);
            json.ShouldStartWith("\"");
            JsonSerializer.Deserialize(json, value.GetType(), Wire).ShouldBe(value);
        }
    }

    [Fact]
    public void Serialize_Labels_KeepTheirNames()
    {
        var json = JsonSerializer.SerializeToNode((AlertReceived)Messages.All[0], Wire)!;

        json["alert"]!["labels"]!.AsObject().Select(label => label.Key).ShouldBe(["alertname", "Größe", "PascalCase", "dotted.name"]);
    }

    private static async Task ArrivesAsync<T>(T message)
        where T : class
    {
        var arrived = new TaskCompletionSource<(T Message, Guid? Id)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var provider = new ServiceCollection()
            .AddLogging()
            .AddMassTransit(configurator =>
            {
                configurator.DisableUsageTelemetry();
                configurator.UsingInMemory((_, bus) => bus.ReceiveEndpoint("messages", endpoint => endpoint.Handler<T>(context =>
                {
                    arrived.TrySetResult((context.Message, context.MessageId));
                    return Task.CompletedTask;
                })));
            })
            .BuildServiceProvider();
        var bus = provider.GetRequiredService<IBusControl>();
        await bus.StartAsync(TestContext.Current.CancellationToken);
        try
        {
            var id = MessageIds.For("serialization", typeof(T).Name);
            await bus.Publish(message, context => context.MessageId = id, TestContext.Current.CancellationToken);
            var (copy, copyId) = await arrived.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

            copy.ShouldNotBeSameAs(message);
            Text(copy).ShouldBe(Text(message));
            copyId.ShouldBe(id);
        }
        finally
        {
            await bus.StopAsync(TestContext.Current.CancellationToken);
        }
    }

    // Compared as another serializer sees them: lists of records know no equality of their own.
    private static string Text(object message) => JsonSerializer.Serialize(message, message.GetType(), Independent);

    private static void Extend(JsonNode? json)
    {
        if (json is JsonObject fields && !IsDictionary(fields))
        {
            foreach (var field in fields.ToList())
            {
                Extend(field.Value);
            }

            fields["addedLater"] = new JsonObject { ["x"] = new JsonArray(1, 2) };
        }
        else if (json is JsonArray items)
        {
            foreach (var item in items)
            {
                Extend(item);
            }
        }
    }

    // Labels, annotations, facts and parameters: what is added there is data.
    private static bool IsDictionary(JsonObject json) =>
        json.Parent is JsonObject && json.GetPropertyName() is ("labels" or "annotations" or "facts" or "parameters");
}
