using System.Data.Common;

namespace PrimeSystem.Requests.Storage;

/// <summary>Commands in one line each.</summary>
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

    private static DbCommand Fill(DbCommand command, string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        command.CommandText = sql;
        foreach ((string name, object? value) in parameters)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }
        return command;
    }
}
