using System.Reflection;
using AlertResponder.Contracts;
using AlertResponder.Gateway.Intake;
using AlertResponder.Incidents;
using AlertResponder.Notification;
using AlertResponder.Notification.Slack;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AlertResponder.Tests.Unit.Architecture;

/// <summary>Whoever writes times into the store, or compares them with those in it, does so by the store's clock: by two clocks two processes would hold one claim.</summary>
public sealed class StoreTimeTests
{
    // What leads to the store.
    private static readonly Type[] Ways = [typeof(IncidentsContext), typeof(IServiceScopeFactory), typeof(IAlertIntake)];

    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["StoreTime"] = "is that clock, made from the process's",
        ["StoreTimeWatch"] = "measures it, and waits",
        ["SchemaMigration"] = "waits for a file, before there is a store",
        ["WorkRounds"] = "is given whoever makes it has",
        ["UntoldAnswers"] = "is registered with the store's by hand",
        ["LateRedraws"] = "waits for the end of an upstream's pause, which is in memory and the process's",
        ["ChangeFeed"] = "has a timer alone",
        ["StateGauges"] = "has a timer alone",
        ["SocketMode"] = "waits alone",
        ["ScenarioRun"] = "has one clock for everything",
    };

    public static TheoryData<string> AllRooms => [.. Repository.Rooms];

    [Theory]
    [MemberData(nameof(AllRooms))]
    public void Clock_WhereTheStoreIsAtHand_IsTheStores(string room) =>
        Unkeyed(room).Where(place => !Exceptions.ContainsKey(place.Type)).Select(place => $"{place.Type}.{place.Member}").ShouldBeEmpty();

    [Fact]
    public void Exceptions_Listed_AreStillSome() =>
        Exceptions.Keys.Where(name => name is not ("StoreTime" or "ScenarioRun")).ShouldBeSubsetOf(Repository.Rooms.SelectMany(Unkeyed).Select(place => place.Type));

    [Fact]
    public async Task Refuses_ClocksDiffer_IsRecordedByTheStores()
    {
        FakeTimeProvider stores = new(new DateTimeOffset(2026, 11, 22, 2, 13, 0, TimeSpan.Zero));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Slack:BotToken"] = "xoxb-1", ["Slack:Channel"] = "C1", ["ConnectionStrings:Incidents"] = "Data Source=none.db",
        }).Build();
        await using var provider = new ServiceCollection().AddLogging().AddKeyedSingleton<TimeProvider>(StoreTime.Key, stores)
            .AddIncidents(configuration).AddNotification(configuration, durableBus: true).BuildServiceProvider();
        var channels = provider.GetRequiredService<SlackChannels>();

        channels.Refuses("C1", "is_archived");

        channels.Troubles.ShouldHaveSingleItem().RefusedAt.ShouldBe(stores.GetUtcNow());
    }

    private static IEnumerable<(string Type, string Member)> Unkeyed(string room) =>
        from type in Repository.Load(room).GetTypes()
        from member in type.GetMembers(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).OfType<MethodBase>()
        let parameters = member.GetParameters()
        where parameters.Any(parameter => Ways.Contains(parameter.ParameterType))
            && parameters.Any(parameter => parameter.ParameterType == typeof(TimeProvider) && parameter.GetCustomAttribute<FromKeyedServicesAttribute>()?.Key as string != StoreTime.Key)
        select (Outermost(type).Name, member.Name);

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
