using System.Data.Common;

namespace PrimeSystem.Requests.Storage.Sql;

/// <summary>Creates commands in one line, and executes several in one round trip.</summary>
internal static class DbCommands
{
    public static DbCommand Command(this DbConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Fill(connection.CreateCommand(), sql, parameters);

    public static DbCommand Command(this WriteTransaction transaction, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        DbCommand command = Fill(transaction.Connection.CreateCommand(), sql, parameters);
        command.Transaction = transaction.Transaction;
        return command;
    }

    /// <summary>Executes statements one after another, in one round trip if the database supports it.</summary>
    /// <returns>For each statement what its first row returns; null if it changed no row.</returns>
    public static async Task<IReadOnlyList<object?>> ExecuteAsync(
        this WriteTransaction transaction, IReadOnlyList<Statement> statements, CancellationToken cancellationToken)
    {
        var returned = new List<object?>(statements.Count);
        if (!transaction.Connection.CanCreateBatch)
        {
            foreach (Statement statement in statements)
            {
                await using DbCommand command = transaction.Command(statement.Sql, statement.Parameters);
                returned.Add(await command.ExecuteScalarAsync(cancellationToken));
            }
            return returned;
        }
        await using DbBatch batch = transaction.Connection.CreateBatch();
        batch.Transaction = transaction.Transaction;
        foreach (Statement statement in statements)
        {
            DbBatchCommand command = batch.CreateBatchCommand();
            command.CommandText = statement.Sql;
            Fill(command.Parameters, command.CreateParameter, statement.Parameters);
            batch.BatchCommands.Add(command);
        }
        await using DbDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        do
            returned.Add(await reader.ReadAsync(cancellationToken) ? reader.GetValue(0) : null);
        while (await reader.NextResultAsync(cancellationToken));
        return returned;
    }

    private static DbCommand Fill(DbCommand command, string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        command.CommandText = sql;
        Fill(command.Parameters, command.CreateParameter, parameters);
        return command;
    }

    private static void Fill(DbParameterCollection collection, Func<DbParameter> create, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        foreach ((string name, object? value) in parameters)
        {
            DbParameter parameter = create();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            collection.Add(parameter);
        }
    }
}
