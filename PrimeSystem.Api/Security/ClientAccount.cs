using System.Net;
using System.Net.Sockets;

namespace PrimeSystem.Api.Security;

/// <summary>Whom limits count: the user, or where nobody signs in the address of the client.</summary>
internal static class ClientAccount
{
    /// <summary>Bytes of an IPv6 address that name a customer: a single one has at least a /64 to choose from.</summary>
    private const int NetworkBytes = 8;

    public static string Of(HttpContext context) =>
        Authentication.SubjectOf(context.User) is { } owner ? $"user {owner}" : $"address {NetworkOf(context.Connection.RemoteIpAddress)}";

    private static string NetworkOf(IPAddress? address)
    {
        if (address is null)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes).ToString();
    }
}
