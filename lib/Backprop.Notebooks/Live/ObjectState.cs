using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Backprop.Notebooks.Live;

/// <summary>
/// A number that tells whether an object was changed: from its own fields, those of the objects that it refers to, and
/// the elements of arrays. A random number generator that was drawn from has another one than before. Of a function it
/// tells which one it is.
/// </summary>
internal static class ObjectState
{
    // Larger ones are taken for unchanged beyond this: looking must never take longer than the cell.
    private const int MostObjects = 2000;
    private const int MostBytes = 8_000_000;

    private static readonly ConditionalWeakTable<Type, FieldInfo[]> s_fields = [];

    /// <summary>The number of an object.</summary>
    /// <param name="value">The object.</param>
    /// <param name="reached">Receives the objects that it leads to, itself included.</param>
    public static int Of(object? value, HashSet<object>? reached = null)
    {
        var hash = new HashCode();
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Queue<object?>([value]);
        var bytes = 0;
        while (open.TryDequeue(out var next) && seen.Count < MostObjects && bytes < MostBytes)
        {
            switch (next)
            {
                case Delegate function when next == value:
                    // Which one it is, and not what it holds on to.
                    hash.Add(RuntimeHelpers.GetHashCode(function));
                    break;
                case null or Delegate or MemberInfo or Pointer:
                    hash.Add(next is null);
                    break;
                case string text:
                    hash.Add(text);
                    bytes += text.Length;
                    break;
                case var simple when simple.GetType().IsPrimitive || simple is decimal:
                    hash.Add(simple);
                    break;
                case Array array when array.GetType().GetElementType()!.IsPrimitive:
                    if (seen.Add(array))
                    {
                        var content = MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(array), Buffer.ByteLength(array));
                        hash.AddBytes(content);
                        bytes += content.Length;
                    }

                    break;
                case Array array:
                    if (seen.Add(array))
                    {
                        hash.Add(array.Length);
                        foreach (var element in array.Cast<object?>().Take(MostObjects))
                        {
                            open.Enqueue(element);
                        }
                    }

                    break;
                default:
                    if (next.GetType().IsValueType || seen.Add(next))
                    {
                        hash.Add(next.GetType());
                        foreach (var field in FieldsOf(next.GetType()))
                        {
                            open.Enqueue(field.GetValue(next));
                        }
                    }

                    break;
            }
        }

        reached?.UnionWith(seen);
        return hash.ToHashCode();
    }

    private static FieldInfo[] FieldsOf(Type type) => s_fields.GetValue(type, static type =>
    {
        var fields = new List<FieldInfo>();
        for (var at = type; at is not null && at != typeof(object); at = at.BaseType)
        {
            fields.AddRange(at.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .Where(field => !field.FieldType.IsPointer && !field.FieldType.IsByRefLike));
        }

        return [.. fields];
    });
}
