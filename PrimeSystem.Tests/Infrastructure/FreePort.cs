using System.Net;
using System.Net.Sockets;

namespace PrimeSystem.Tests.Infrastructure;

/// <summary>Ports on the loopback that nobody listens on, each handed out once in a run.</summary>
internal static class FreePort
{
    // Below the ports that the system gives to outgoing connections (from 32,768 on Linux): one of those could take the port of a server that a test
    // has killed and will start again, and a client that keeps trying such a port may even connect to itself.
    private const int First = 15_000;
    private const int Last = 32_000;

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Taken = [];

    public static int Next()
    {
        lock (Gate)
        {
            while (true)
            {
                int port = Random.Shared.Next(First, Last);
                if (Taken.Add(port) && IsFree(port))
                    return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
