using System.Net;
using System.Net.Sockets;

namespace PrimeSystem.Api.Security;

/// <summary>The account that limits and the audit log count by: the user, or the network address of an anonymous client.</summary>
internal static class ClientAccount
{
    /// <summary>The bytes of an IPv6 address that identify a customer: a customer has at least a /64.</summary>
    private const int CustomerBytes = 8;

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
        bytes.AsSpan(CustomerBytes).Clear();
        return new IPAddress(bytes).ToString();
    }
}
