using System.Text.Json.Nodes;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests.Deployment;

/// <summary>The images that <c>dotnet publish -t:PublishContainer</c> makes are those that are deployed.</summary>
public sealed class ContainerImageTests
{
    [Theory]
    [InlineData("Api")]
    [InlineData("Worker")]
    public async Task The_project_makes_the_image_that_is_deployed(string project)
    {
        // In an output folder of nobody's: the projects are being built, perhaps, and only their properties are asked for.
        string output = await ChildProcess.RunAsync("dotnet",
        [
            "msbuild", Repository.PathOf($"PrimeSystem.{project}", $"PrimeSystem.{project}.csproj"), "-nodeReuse:false",
            "-t:ComputeContainerBaseImage", "-getProperty:ContainerBaseImage,ContainerRepository,ContainerImageTag,ContainerRegistry",
        ]);
        JsonNode properties = JsonNode.Parse(output)!["Properties"]!;

        string deployed = (await Overlay.BuildAsync("local")).Get("Deployment", project.ToLowerInvariant()).Container()["image"]!.ToString();
        Assert.Equal(deployed, $"{properties["ContainerRepository"]}:{properties["ContainerImageTag"]}");
        // No registry: the image goes where the caller says, by default to the engine of this machine.
        Assert.Equal("", properties["ContainerRegistry"]!.ToString());
        // No shell, and not root.
        Assert.Matches(@"^mcr\.microsoft\.com/dotnet/aspnet:10\.0[0-9.]*-noble-chiseled$", properties["ContainerBaseImage"]!.ToString());
    }
}
