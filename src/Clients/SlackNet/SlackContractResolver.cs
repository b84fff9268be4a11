using System.Collections;
using System.Reflection;
using Newtonsoft.Json;
using Newtonsoft.Json.Serialization;

namespace SlackNet;

/// <summary>A list that Slack refuses when it is empty.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OmitIfEmptyAttribute : Attribute;

internal sealed class SlackContractResolver : DefaultContractResolver
{
    public SlackContractResolver() => NamingStrategy = new SnakeCaseNamingStrategy();

    protected override JsonProperty CreateProperty(MemberInfo member, MemberSerialization memberSerialization)
    {
        var property = base.CreateProperty(member, memberSerialization);
        if (member.IsDefined(typeof(OmitIfEmptyAttribute)))
            property.ShouldSerialize = owner => property.ValueProvider.GetValue(owner) is IEnumerable items && items.Cast<object>().Any();
        return property;
    }
}
