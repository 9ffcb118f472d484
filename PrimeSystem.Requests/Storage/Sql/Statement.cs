namespace PrimeSystem.Requests.Storage.Sql;

/// <summary>A statement that returns a value for each row that it changes.</summary>
internal sealed record Statement(string Sql, params (string Name, object? Value)[] Parameters);
