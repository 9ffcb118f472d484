using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PrimeSystem.ServiceDefaults;

namespace PrimeSystem.Tests.Deployment;

/// <summary>How pods run.</summary>
public sealed class PodTests
{
    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public async Task No_pod_has_a_privilege(string name)
    {
        Overlay overlay = await Overlay.BuildAsync(name);
        Assert.Equal("restricted", overlay.Get("Namespace", "prime-system").At("metadata.labels")!["pod-security.kubernetes.io/enforce"]!.ToString());
        Assert.All(overlay.Workloads, workload =>
        {
            JsonObject pod = workload.Pod();
            Assert.True(pod.At("securityContext.runAsNonRoot")!.GetValue<bool>());
            Assert.True(pod.At("securityContext.runAsUser")!.GetValue<long>() > 0);
            Assert.Equal("RuntimeDefault", pod.At("securityContext.seccompProfile.type")!.ToString());
            Assert.False(pod["automountServiceAccountToken"]!.GetValue<bool>());
            Assert.All(pod.AllContainers(), container =>
            {
                Assert.False(container.At("securityContext.allowPrivilegeEscalation")!.GetValue<bool>());
                Assert.True(container.At("securityContext.readOnlyRootFilesystem")!.GetValue<bool>());
                Assert.Equal("""["ALL"]""", container.At("securityContext.capabilities.drop")!.ToJsonString());
                Assert.Contains(container.Items("volumeMounts"), mount => mount["mountPath"]!.ToString() == "/tmp");
            });
        });
    }

    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public async Task Every_container_has_requests_and_limits(string name) => Assert.All(
        (await Overlay.BuildAsync(name)).Workloads.SelectMany(workload => workload.Pod().AllContainers()),
        container => Assert.All(
            new[] { "requests.cpu", "requests.memory", "limits.cpu", "limits.memory" },
            amount => Assert.False(string.IsNullOrEmpty(container.At($"resources.{amount}")?.ToString()))));

    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public async Task Every_server_is_probed_by_the_question_that_fits(string name)
    {
        foreach (JsonObject workload in (await Overlay.BuildAsync(name)).Workloads)
        {
            string[] asked = [.. new[] { "startupProbe", "readinessProbe", "livenessProbe" }.Select(probe =>
            {
                JsonNode question = workload.Container()[probe]!;
                return question.At("httpGet.path")?.ToString() ?? string.Join(' ', question.At("exec.command")!.AsArray().Select(word => word!.ToString()));
            })];
            const string PgIsReady = "pg_isready --host=127.0.0.1 --username=primes --dbname=primes";
            const string Ping = "rabbitmq-diagnostics --quiet ping";
            string[] expected = workload.Name() switch
            {
                "postgres" => [PgIsReady, PgIsReady, PgIsReady],
                "rabbitmq" => [Ping, "rabbitmq-diagnostics --quiet check_port_connectivity", Ping],
                _ => ["/alive", "/ready", "/alive"],
            };
            Assert.Equal(expected, asked);
        }
    }

    [Theory]
    [MemberData(nameof(Overlay.All), MemberType = typeof(Overlay))]
    public async Task A_service_is_given_the_time_that_it_takes_to_stop_and_is_replaced_while_others_serve(string name)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.AddServiceDefaults();
        await using WebApplication app = builder.Build();
        double takes = app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout.TotalSeconds;

        foreach (JsonObject service in (await Overlay.BuildAsync(name)).OfKind("Deployment"))
        {
            long before = service.Container().At("lifecycle.preStop.sleep.seconds")?.GetValue<long>() ?? 0;
            Assert.InRange(service.Pod()["terminationGracePeriodSeconds"]!.GetValue<long>(), takes + before + 5, double.MaxValue);
            Assert.Equal("RollingUpdate", service.At("spec.strategy.type")!.ToString());
        }
    }
}
