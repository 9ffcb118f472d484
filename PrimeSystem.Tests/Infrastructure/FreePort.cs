using System.Net;
using System.Net.Sockets;

namespace PrimeSystem.Tests.Infrastructure;

/// <summary>Ports on the loopback that nobody listens on, each handed out once in a run.</summary>
internal static class FreePort
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Taken = [];

    public static int Next()
    {
        lock (Gate)
        {
            while (true)
            {
                using var listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
                int port = ((IPEndPoint)listener.LocalEndpoint).Port;
                if (Taken.Add(port))
                    return port;
            }
        }
    }
}
