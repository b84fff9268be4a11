using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace AlertResponder.Connections.Alertmanager;

/// <summary>
/// The addresses that are never called on somebody's word: link-local ones, and the others, as far as they are known, at which clouds tell machines their secrets. In whatever
/// form of IPv6 an address of IPv4 is written. Pure.
/// </summary>
internal static class ReservedAddresses
{
    private static readonly IPNetwork[] Reserved =
    [
        // AWS, GCP, Azure, Oracle, DigitalOcean and others at 169.254.169.254, ECS at .170.2, EKS at .170.23; IPv6's own.
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("fe80::/10"),

        // "This host": it would lead to loopback by another name.
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("::/128"),

        // AWS over IPv6: fd00:ec2::254, and the services beside it.
        IPNetwork.Parse("fd00:ec2::/32"),

        // GCP over IPv6.
        IPNetwork.Parse("fd20:ce::254/128"),

        // Oracle over IPv6, and its older address.
        IPNetwork.Parse("fd00:c1::a9fe:a9fe/128"),
        IPNetwork.Parse("192.0.0.192/32"),

        // Scaleway over IPv6.
        IPNetwork.Parse("fd00:42::42/128"),

        // Azure's wire server.
        IPNetwork.Parse("168.63.129.16/32"),

        // Alibaba, also over IPv6.
        IPNetwork.Parse("100.100.100.200/32"),
        IPNetwork.Parse("fd00:100::100:200/128"),

        // Akamai (Linode) over IPv6.
        IPNetwork.Parse("fd00:a9fe:a9fe::1/128"),
    ];

    // Of IPv6, and where in it the four bytes of IPv4 may be.
    private static readonly (IPNetwork Network, int[][] Places)[] Embedding =
    [
        // Compatible, mapped and translated.
        (IPNetwork.Parse("::/96"), [[12, 13, 14, 15]]),
        (IPNetwork.Parse("::ffff:0:0/96"), [[12, 13, 14, 15]]),
        (IPNetwork.Parse("::ffff:0:0:0/96"), [[12, 13, 14, 15]]),

        // NAT64: the well-known prefix, and the local one in all lengths that it can have (RFC 6052, section 2.2).
        (IPNetwork.Parse("64:ff9b::/96"), [[12, 13, 14, 15]]),
        (IPNetwork.Parse("64:ff9b:1::/48"), [[6, 7, 9, 10], [7, 9, 10, 11], [9, 10, 11, 12], [12, 13, 14, 15]]),

        // 6to4.
        (IPNetwork.Parse("2002::/16"), [[2, 3, 4, 5]]),
    ];

    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");

    public static bool Contain(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : WithoutScope(address);
        return Array.Exists(Reserved, network => network.Contains(plain))
            || (plain.AddressFamily == AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(plain) && Embedded(plain).Any(Contain));
    }

    private static IEnumerable<IPAddress> Embedded(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        foreach (var place in Embedding.Where(form => form.Network.Contains(address)).SelectMany(form => form.Places))
            yield return new IPAddress([.. place.Select(index => bytes[index])]);

        // The other end's address, in its complement.
        if (Teredo.Contains(address))
            yield return new IPAddress([.. bytes[12..].Select(part => (byte)~part)]);

        // ISATAP: any prefix, then 0:5efe or 200:5efe.
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(8)) is 0x0000_5efe or 0x0200_5efe)
            yield return new IPAddress(bytes[12..]);
    }

    private static IPAddress WithoutScope(IPAddress address) =>
        address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } ? new IPAddress(address.GetAddressBytes()) : address;
}
