using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Jupyter;

/// <summary>
/// Messages as frames of bytes: identities, a delimiter, the signature, then header, parent header, metadata and content
/// as JSON, which is what is signed. Frames after these (binary buffers) have no use here.
/// </summary>
/// <param name="key">The key; empty for no signatures.</param>
internal sealed class MessageFormat(byte[] key)
{
    private static readonly byte[] s_delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a message.</summary>
    /// <exception cref="BadMessageException">It is not one, or its signature is wrong.</exception>
    public Message Read(IReadOnlyList<byte[]> frames)
    {
        var delimiter = -1;
        for (var i = 0; i < frames.Count && delimiter < 0; i++)
        {
            delimiter = frames[i].AsSpan().SequenceEqual(s_delimiter) ? i : -1;
        }

        if (delimiter < 0)
        {
            throw new BadMessageException("it has no delimiter");
        }

        if (frames.Count < delimiter + 6)
        {
            throw new BadMessageException($"{frames.Count - delimiter - 1} frames stand behind the delimiter; there must be 5");
        }

        if (key.Length > 0 && !CryptographicOperations.FixedTimeEquals(Signature(frames.Skip(delimiter + 2).Take(4)), frames[delimiter + 1]))
        {
            throw new BadMessageException("its signature is wrong");
        }

        var (header, parent, content) = (Parse(frames[delimiter + 2]), Parse(frames[delimiter + 3]), Parse(frames[delimiter + 5]));
        return header.Text("msg_type") is null || header.Text("msg_id") is null
            ? throw new BadMessageException("its header has no msg_type or no msg_id")
            : new([.. frames.Take(delimiter)], header, parent, content);
    }

    /// <summary>Writes a message, signed.</summary>
    public IReadOnlyList<byte[]> Write(Message message)
    {
        byte[][] parts = [ToBytes(message.Header), ToBytes(message.Parent), "{}"u8.ToArray(), ToBytes(message.Content)];
        return [.. message.Identities, s_delimiter, Signature(parts), .. parts];
    }

    private static JsonObject Parse(byte[] frame)
    {
        try
        {
            return Json.TryParse(s_utf8.GetString(frame)) as JsonObject ?? throw new BadMessageException("a part of it is not a JSON object");
        }
        catch (DecoderFallbackException)
        {
            throw new BadMessageException("a part of it is not UTF-8");
        }
    }

    private static byte[] ToBytes(JsonObject json)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, s_writing))
        {
            json.WriteTo(writer);
        }

        return bytes.ToArray();
    }

    private byte[] Signature(IEnumerable<byte[]> parts)
    {
        if (key.Length == 0)
        {
            return [];
        }

        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        foreach (var part in parts)
        {
            hash.AppendData(part);
        }

        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
