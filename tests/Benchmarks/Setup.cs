namespace AlertResponder.Tests.Benchmarks;

/// <summary>What the pipeline runs on.</summary>
/// <param name="Store">Where incidents are kept.</param>
/// <param name="Bus">What carries the messages.</param>
/// <param name="Host">The folder of the Host.</param>
/// <param name="Environment">Further settings of its process: <c>DOTNET_TieredPGO</c> and <c>1</c>.</param>
internal sealed record Setup(string Store, string Bus, string Host, IReadOnlyDictionary<string, string> Environment)
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";
    public const string InMemory = "memory";
    public const string RabbitMq = "rabbitmq";

    public override string ToString() => $"{Store}, {Bus}";
}
