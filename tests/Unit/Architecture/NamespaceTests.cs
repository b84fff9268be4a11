using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;
using AlertResponder.Contracts;

namespace AlertResponder.Tests.Unit.Architecture;

public sealed class NamespaceTests
{
    public static TheoryData<string> AllRooms => [.. Repository.Rooms];

    public static TheoryData<string> Contracts => [.. typeof(Alert).Assembly.GetExportedTypes().Where(type => type.IsClass && !IsStatic(type)).Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(AllRooms))]
    public void Types_OfARoom_AreInItsNamespace(string room)
    {
        var root = $"AlertResponder.{room}";
        var types = Repository.Load(room).GetTypes().Where(IsOurs).ToList();

        types.ShouldNotBeEmpty();
        types.ShouldAllBe(type => type.Namespace == root || type.Namespace!.StartsWith(root + ".", StringComparison.Ordinal));
    }

    [Fact]
    public void Messages_OfTheDesign_AreAllThere() =>
        new[] { "AlertReceived", "ContextEnriched", "AnalysisCompleted", "RemediationProposed", "RemediationRequested", "RemediationCompleted", "IncidentChanged" }
            .ShouldBeSubsetOf(typeof(Alert).Assembly.GetExportedTypes().Select(type => type.Name));

    [Theory]
    [MemberData(nameof(Contracts))]
    public void Contract_Type_IsASealedPositionalRecordOfTheRoot(string name)
    {
        var type = typeof(Alert).Assembly.GetType($"AlertResponder.Contracts.{name}", throwOnError: true)!;

        type.IsSealed.ShouldBeTrue();
        type.GetMethod("<Clone>$").ShouldNotBeNull("it is a record");
        type.BaseType.ShouldBe(typeof(object));
        var constructor = type.GetConstructors().ShouldHaveSingleItem();
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => (property.Name, property.PropertyType))
            .ShouldBe(constructor.GetParameters().Select(parameter => (parameter.Name!, parameter.ParameterType)));
    }

    // No name in a source begins with that character; the compiler marks not all that it makes.
    private static bool IsOurs(Type type) =>
        !type.IsNested && !type.Name.StartsWith('<') && !Attribute.IsDefined(type, typeof(CompilerGeneratedAttribute)) && !Attribute.IsDefined(type, typeof(GeneratedCodeAttribute))
        && type != type.Assembly.EntryPoint?.DeclaringType;

    private static bool IsStatic(Type type) => type is { IsAbstract: true, IsSealed: true };
}
