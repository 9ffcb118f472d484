namespace PrimeSystem.AppHost.Extras;

/// <summary>
/// Keycloak as the identity provider, on this machine only: what is published names a provider of its own. A plain container, since Aspire's package
/// for it is a preview. The realm <c>primes</c> is imported at every start, so it needs no volume.
/// </summary>
internal static class KeycloakExtra
{
    public const string Name = "keycloak";

    /// <summary>Name of the realm, of the audience of its tokens, and of its client.</summary>
    private const string Realm = "primes";

    private const string Http = "http";
    private const string Management = "management";

    public static void WithKeycloak(this IResourceBuilder<ProjectResource> api)
    {
        IDistributedApplicationBuilder builder = api.ApplicationBuilder;
        IResourceBuilder<ParameterResource> administrator = builder.AddPassword("keycloak-password");
        IResourceBuilder<ParameterResource> clientSecret = builder.AddPassword("keycloak-client-secret");
        IResourceBuilder<ContainerResource> keycloak = builder.AddContainer(Name, "keycloak/keycloak", "26.6")
            .WithImageRegistry("quay.io")
            .WithArgs("start-dev", "--import-realm")
            // The address is part of every token, so it stays the same from run to run.
            .WithHttpEndpoint(port: 8180, targetPort: 8080, name: Http)
            .WithHttpEndpoint(targetPort: 9000, name: Management)
            .WithHttpHealthCheck("/health/ready", endpointName: Management)
            .WithEnvironment("KC_HEALTH_ENABLED", "true")
            .WithEnvironment("KC_BOOTSTRAP_ADMIN_USERNAME", "admin")
            .WithEnvironment("KC_BOOTSTRAP_ADMIN_PASSWORD", administrator)
            // Keycloak puts it into the realm as it imports it.
            .WithEnvironment("PRIMES_CLIENT_SECRET", clientSecret)
            .WithBindMount("Extras/keycloak", "/opt/keycloak/data/import", isReadOnly: true)
            .WithUrlForEndpoint(Http, url => url.DisplayText = "Keycloak")
            .WithUrlForEndpoint(Management, url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
            .ExcludeFromManifest();

        var authority = ReferenceExpression.Create($"{keycloak.GetEndpoint(Http)}/realms/{Realm}");
        api.WithEnvironment("Authentication__Authority", authority)
            .WithEnvironment("Authentication__Audience", Realm)
            .WithAnnotation(new AccessTokens(authority, Realm, clientSecret.Resource))
            .WaitFor(keycloak);
    }
}
