namespace PrimeSystem.AppHost.Extras;

/// <summary>
/// Prometheus and Grafana with the alerts and dashboards of <c>monitoring/</c>, on this machine only. While they run, metrics go to Prometheus instead of
/// the dashboard of Aspire; logs and traces still go there.
/// </summary>
internal static class MonitoringExtra
{
    public const string Prometheus = "prometheus";
    public const string Grafana = "grafana";

    private const string Http = "http";

    public static void AddMonitoring(this IDistributedApplicationBuilder builder, params IEnumerable<IResourceBuilder<ProjectResource>> services)
    {
        IResourceBuilder<ContainerResource> prometheus = builder.AddContainer(Prometheus, "prom/prometheus", "v3.5.0")
            .WithImageRegistry("docker.io")
            .WithArgs("--config.file=/etc/prometheus/prometheus.yml", "--web.enable-otlp-receiver")
            .WithBindMount("Extras/prometheus.yml", "/etc/prometheus/prometheus.yml", isReadOnly: true)
            .WithBindMount("../monitoring/alerts.yml", "/etc/prometheus/alerts.yml", isReadOnly: true)
            .WithHttpEndpoint(targetPort: 9090, name: Http)
            .WithHttpHealthCheck("/-/ready", endpointName: Http)
            .WithUrlForEndpoint(Http, url => url.DisplayText = "Prometheus")
            .ExcludeFromManifest();

        builder.AddContainer(Grafana, "grafana/grafana", "12.1.1")
            .WithImageRegistry("docker.io")
            .WithBindMount("../monitoring/grafana/provisioning", "/etc/grafana/provisioning", isReadOnly: true)
            .WithBindMount("../monitoring/grafana/dashboards", "/etc/grafana/dashboards", isReadOnly: true)
            .WithEnvironment("GF_AUTH_ANONYMOUS_ENABLED", "true")
            .WithEnvironment("GF_SECURITY_ADMIN_PASSWORD", builder.AddPassword("grafana-password"))
            .WithHttpEndpoint(targetPort: 3000, name: Http)
            .WithHttpHealthCheck("/api/health", endpointName: Http)
            .WithUrlForEndpoint(Http, url => url.DisplayText = "Grafana")
            .WaitFor(prometheus)
            .ExcludeFromManifest();

        var receiver = ReferenceExpression.Create($"{prometheus.GetEndpoint(Http)}/api/v1/otlp/v1/metrics");
        foreach (IResourceBuilder<ProjectResource> service in services)
        {
            service.WithEnvironment("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", receiver)
                .WithEnvironment("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/protobuf");
        }
    }
}
