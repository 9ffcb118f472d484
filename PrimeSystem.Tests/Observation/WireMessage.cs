using System.Buffers.Binary;
using System.Text;

namespace PrimeSystem.Tests.Observation;

/// <summary>A Protocol Buffers message without its schema: the values of each field number, in order.</summary>
internal sealed class WireMessage
{
    private readonly ILookup<int, object> _fields;

    public WireMessage(ReadOnlyMemory<byte> bytes) => _fields = Read(bytes).ToLookup(field => field.Number, field => field.Value);

    public IEnumerable<WireMessage> Messages(int field) => _fields[field].Select(value => new WireMessage((ReadOnlyMemory<byte>)value));

    public WireMessage? Message(int field) => Messages(field).FirstOrDefault();

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field).Span);

    public string Hex(int field) => Convert.ToHexStringLower(Bytes(field).Span);

    public ulong? Number(int field) => _fields[field].FirstOrDefault() as ulong?;

    private ReadOnlyMemory<byte> Bytes(int field) => _fields[field].FirstOrDefault() is ReadOnlyMemory<byte> bytes ? bytes : default;

    private static IEnumerable<(int Number, object Value)> Read(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ulong key = Varint(ref bytes);
            switch (key & 7)
            {
                case 0:
                    yield return ((int)(key >> 3), Varint(ref bytes));
                    break;
                case 1:
                    yield return ((int)(key >> 3), BinaryPrimitives.ReadUInt64LittleEndian(Take(ref bytes, 8).Span));
                    break;
                case 2:
                    int length = (int)Varint(ref bytes);
                    yield return ((int)(key >> 3), Take(ref bytes, length));
                    break;
                case 5:
                    yield return ((int)(key >> 3), (ulong)BinaryPrimitives.ReadUInt32LittleEndian(Take(ref bytes, 4).Span));
                    break;
                default:
                    throw new InvalidDataException($"Wire type {key & 7} is not known.");
            }
        }
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> bytes, int length)
    {
        ReadOnlyMemory<byte> taken = bytes[..length];
        bytes = bytes[length..];
        return taken;
    }

    private static ulong Varint(ref ReadOnlyMemory<byte> bytes)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = Take(ref bytes, 1).Span[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
