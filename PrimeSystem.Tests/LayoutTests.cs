using System.Text.RegularExpressions;
using PrimeSystem.TestServers;

namespace PrimeSystem.Tests;

/// <summary>The layout of the source code: a folder is a namespace, a file is a type, and folders do not depend on each other in a circle.</summary>
public partial class LayoutTests
{
    public static TheoryData<string> Projects =>
        ["PrimeSystem.Primes", "PrimeSystem.Primes.Generator", "PrimeSystem.Requests", "PrimeSystem.Api", "PrimeSystem.Cli", "PrimeSystem.AppHost"];

    [Theory, MemberData(nameof(Projects))]
    public void Namespaces_follow_folders_and_files_are_named_after_their_only_type(string project)
    {
        foreach (SourceFile file in SourceFiles(project))
        {
            Assert.Equal(file.Folder, Namespace().Match(file.Code).Groups[1].Value);
            Assert.Equal(file.Name, Assert.Single(TopLevelType().Matches(file.Code)).Groups[1].Value);
        }
    }

    [Theory, MemberData(nameof(Projects))]
    public void Folders_have_no_cycles(string project)
    {
        SourceFile[] files = [.. SourceFiles(project)];
        Dictionary<string, string[]> dependencies = files.GroupBy(file => file.Folder).ToDictionary(
            folder => folder.Key, folder => folder.SelectMany(file => file.Dependencies(files)).Distinct().ToArray());
        foreach (string folder in dependencies.Keys)
            Visit(folder, []);

        void Visit(string folder, string[] path)
        {
            Assert.False(path.Contains(folder), $"Folders depend on each other in a circle: {string.Join(" → ", path)} → {folder}");
            foreach (string next in dependencies[folder])
                Visit(next, [.. path, folder]);
        }
    }

    private static IEnumerable<SourceFile> SourceFiles(string project)
    {
        string root = Repository.PathOf(project);
        return from path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
               let parts = Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar)
               where parts[0] is not ("bin" or "obj" or "Program.cs")
               select new SourceFile(string.Join('.', [project, .. parts[..^1]]), Path.GetFileNameWithoutExtension(path), Comment().Replace(File.ReadAllText(path), ""));
    }

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using (?:static |\w+ = )?([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"^(?:public|internal) [\w ]*?(?:class|(?:record )?struct|interface|enum|record) (\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    private sealed record SourceFile(string Folder, string Name, string Code)
    {
        /// <summary>The folders whose types this file uses: by a using, or, since an enclosing namespace needs none, by the name of a type there.</summary>
        public IEnumerable<string> Dependencies(SourceFile[] files)
        {
            string[] usings = [.. Using().Matches(Code).Select(match => match.Groups[1].Value)];
            return files.Where(other => other.Folder != Folder)
                .Where(other => usings.Contains(other.Folder) || usings.Contains($"{other.Folder}.{other.Name}")
                    || (Folder.StartsWith(other.Folder + '.', StringComparison.Ordinal) && Regex.IsMatch(Code, $@"\b{other.Name}\b")))
                .Select(other => other.Folder);
        }
    }
}
