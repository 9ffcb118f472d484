using System.Text;

namespace PrimeSystem.Cli.Output;

/// <summary>
/// Writes primes in one of the formats as they come. Of the JSON document's members those that are known last come last, so that it tells the truth and
/// is whole however the run ends.
/// </summary>
internal sealed class PrimeWriter : IDisposable
{
    private const int BufferCharacters = 1 << 16;

    private readonly StreamWriter _text;
    private readonly OutputFormat _format;
    private readonly long _first;
    private long _position;

    /// <summary>Begins a document.</summary>
    /// <param name="stream">Where to; it is disposed of with the writer.</param>
    /// <param name="format">How.</param>
    /// <param name="quantity">Primes asked for.</param>
    /// <param name="requestId">The server's id of the request, if a server was asked.</param>
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
            _text.Write(Words.Inv($"{{{id}\"quantity\":{quantity},\"prime_numbers\":["));
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
                _text.Write(Words.Inv($"{{\"position\":{_position},\"prime\":\""));
                _text.Write(prime);
                _text.WriteLine("\"}");
                break;
            case OutputFormat.Csv:
                _text.Write(Words.Inv($"{_position},"));
                _text.WriteLine(prime);
                break;
            default:
                _text.WriteLine(prime);
                break;
        }
        _position++;
    }

    /// <summary>Hands on what was written so far.</summary>
    public void Flush() => _text.Flush();

    /// <summary>Ends the document.</summary>
    /// <param name="status">Where the request stands, in the words of the service.</param>
    public void End(string status)
    {
        if (_format == OutputFormat.Json)
            _text.WriteLine(Words.Inv($"],\"generated_count\":{_position},\"status\":\"{status}\"}}"));
        _text.Flush();
    }

    public void Dispose() => _text.Dispose();
}
