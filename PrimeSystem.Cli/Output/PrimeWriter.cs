using System.Text;

namespace PrimeSystem.Cli.Output;

/// <summary>
/// Writes primes in one of the formats as they come. In the JSON document, count and status come last, so that it is complete and correct however the
/// run ends.
/// </summary>
internal sealed class PrimeWriter : IDisposable
{
    private const int BufferCharacters = 1 << 16;

    private readonly StreamWriter _text;
    private readonly OutputFormat _format;
    private readonly long _first;
    private long _position;

    /// <summary>Starts a document.</summary>
    /// <param name="stream">The output. It is disposed of with the writer.</param>
    /// <param name="format">The format.</param>
    /// <param name="quantity">The number of primes requested.</param>
    /// <param name="requestId">The id of the request on the server; null without a server.</param>
    /// <param name="first">The position of the first prime.</param>
    public PrimeWriter(Stream stream, OutputFormat format, long quantity, Guid? requestId = null, long first = 0)
    {
        _text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferCharacters) { NewLine = "\n" };
        (_format, _first, _position) = (format, first, first);
        if (format == OutputFormat.Csv)
            _text.WriteLine("position,prime");
        if (format == OutputFormat.Json)
        {
            string id = requestId is null ? "" : $"\"request_id\":\"{requestId}\",";
            _text.Write($"{{{id}\"quantity\":{quantity},\"prime_numbers\":[");
        }
    }

    public void Write(string prime)
    {
        switch (_format)
        {
            case OutputFormat.Json:
                _text.Write(_position == _first ? "\"" : ",\"");
                _text.Write(prime);
                _text.Write('"');
                break;
            case OutputFormat.Ndjson:
                _text.Write($"{{\"position\":{_position},\"prime\":\"");
                _text.Write(prime);
                _text.WriteLine("\"}");
                break;
            case OutputFormat.Csv:
                _text.Write($"{_position},");
                _text.WriteLine(prime);
                break;
            default:
                _text.WriteLine(prime);
                break;
        }
        _position++;
    }

    /// <summary>Flushes what was written so far.</summary>
    public void Flush() => _text.Flush();

    /// <summary>Ends the document.</summary>
    /// <param name="status">The status of the request, in the words of the API.</param>
    public void End(string status)
    {
        if (_format == OutputFormat.Json)
            _text.WriteLine($"],\"generated_count\":{_position},\"status\":\"{status}\"}}");
        _text.Flush();
    }

    public void Dispose() => _text.Dispose();
}
