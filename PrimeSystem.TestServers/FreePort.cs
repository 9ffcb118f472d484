using System.Net;
using System.Net.Sockets;

namespace PrimeSystem.TestServers;

/// <summary>Ports on the loopback on which nobody listens. Each is handed out once per run.</summary>
public static class FreePort
{
    // Below the ports of outgoing connections (from 32,768 on Linux): one of those could take the port of a server that a test has killed and will start
    // again, and a client that keeps trying such a port may even connect to itself.
    private const int First = 15_000;
    private const int Last = 32_000;

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Taken = [];

    /// <summary>A port that is free and was not handed out before.</summary>
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
