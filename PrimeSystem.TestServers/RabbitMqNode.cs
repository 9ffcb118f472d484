namespace PrimeSystem.TestServers;

/// <summary>A RabbitMQ broker and the port mapper it needs, as processes on free ports of the loopback, with all files in a temporary folder.</summary>
public sealed class RabbitMqNode : IAsyncDisposable
{
    /// <summary>The server's own script. Debian's /usr/sbin/rabbitmq-server would change to the user rabbitmq.</summary>
    public static readonly string Program =
        File.Exists("/usr/lib/rabbitmq/bin/rabbitmq-server") ? "/usr/lib/rabbitmq/bin/rabbitmq-server" : "rabbitmq-server";

    /// <summary>The server's own tool, of which Debian has another in /usr/sbin as well.</summary>
    private static readonly string Control = Path.Combine(Path.GetDirectoryName(Program) ?? "", "rabbitmqctl");

    private readonly string _folder = Directory.CreateTempSubdirectory("primes-mq-").FullName;
    private readonly Dictionary<string, string?> _environment;
    private readonly ChildProcess _portMapper;
    private ChildProcess? _broker;

    public RabbitMqNode()
    {
        string portMapperPort = $"{FreePort.Next()}";
        _environment = new()
        {
            ["HOME"] = _folder,
            ["RABBITMQ_NODENAME"] = $"primes{Port}@localhost",
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq"),
            ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(_folder, "advanced.config"),
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "data"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "plugins"),
            ["RABBITMQ_DIST_PORT"] = $"{FreePort.Next()}",
            // One scheduler that does not spin: the broker shares the machine with what is tested.
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
            ["ERL_EPMD_PORT"] = portMapperPort,
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_CRASH_DUMP_SECONDS"] = "0",
            // Then the script becomes the broker, instead of a shell that watches over it: the process we start is the one we kill.
            ["RUNNING_UNDER_SYSTEMD"] = "true",
        };
        File.WriteAllText(Path.Combine(_folder, "rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{Port}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {ManagementPort}
            collect_statistics_interval = 500
            disk_free_limit.absolute = 50MB
            """);
        // Quorum queues count their messages for the management API at this interval, 5 s unless told otherwise.
        File.WriteAllText(Path.Combine(_folder, "advanced.config"), "[{rabbit, [{quorum_tick_interval, 500}]}].");
        File.WriteAllText(Path.Combine(_folder, "plugins"), "[rabbitmq_management].");
        // Ours from the start: one that the broker starts would stay behind.
        _portMapper = ChildProcess.Start("epmd", ["-port", portMapperPort, "-address", "127.0.0.1"]);
    }

    public int Port { get; } = FreePort.Next();

    public int ManagementPort { get; } = FreePort.Next();

    public int Id => _broker!.Id;

    public bool HasExited => _broker?.HasExited ?? true;

    public string Output => _broker?.Output ?? "";

    public void Start() => _broker = ChildProcess.Start(Program, [], _environment);

    /// <summary>kill -9.</summary>
    public async Task KillAsync() => await _broker!.DisposeAsync();

    /// <summary>Runs a command of rabbitmqctl on the broker.</summary>
    public Task ControlAsync(params string[] command) =>
        ChildProcess.RunAsync(Control, ["--node", _environment["RABBITMQ_NODENAME"]!, .. command], _environment);

    public Task StopAsync() => _broker!.TerminateAsync();

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
            await _broker.DisposeAsync();
        await _portMapper.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
