using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Tests;

public sealed class DocumentTests
{
    public static TheoryData<string> Readable => new(Directory.EnumerateFiles(Sample.Folder, "*.ipynb")
        .Select(path => Path.GetFileNameWithoutExtension(path))
        .Where(name => !Unreadable.Any(row => row.Data.Item1 == name)));

    public static TheoryData<string, string> Unreadable => new()
    {
        { "empty", "the file is empty" },
        { "not-json", "it is not JSON (line 2)" },
        { "not-a-notebook", "it has no \"nbformat\"" },
        { "nbformat3", "it is in notebook format 3" },
        { "unknown-cell-type", "its cell 1 has the unknown type \"heading\"" },
        { "python", "it is written in python" },
        { "missing", "there is no such file" },
    };

    [Theory]
    [MemberData(nameof(Readable))]
    public void A_notebook_that_is_read_and_written_is_the_same_to_the_byte(string name)
    {
        var text = File.ReadAllText(Sample.File(name));

        Assert.Equal(text, Notebook.Parse(text, name).ToText());
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void A_file_that_is_no_notebook_is_refused_with_the_reason(string name, string reason)
    {
        var refused = Assert.Throws<UnreadableNotebookException>(() => Notebook.Load(Sample.File(name)));

        Assert.Contains(reason, refused.Message);
    }

    [Fact]
    public void Characters_are_written_as_themselves_keys_are_sorted_and_text_is_a_list_of_lines()
    {
        const string Text = """
            {"nbformat":4,"nbformat_minor":5,"metadata":{"z":1.50,"a":[]},"cells":[{"source":"é 😀 <b> & ' + \"\\\u0001\n∂L","metadata":{},"id":"kept","cell_type":"markdown"}]}
            """;

        Assert.Equal(
            """
            {
             "cells": [
              {
               "cell_type": "markdown",
               "id": "kept",
               "metadata": {},
               "source": [
                "é 😀 <b> & ' + \"\\\u0001\n",
                "∂L"
               ]
              }
             ],
             "metadata": {
              "a": [],
              "z": 1.50
             },
             "nbformat": 4,
             "nbformat_minor": 5
            }

            """,
            Notebook.Parse(Text, "text").ToText());
    }

    [Fact]
    public void A_key_that_is_there_twice_or_parts_of_the_wrong_kind_are_no_stack_trace()
    {
        Assert.Throws<UnreadableNotebookException>(() => Notebook.Parse("""{"nbformat":4,"cells":[],"cells":[]}""", "text"));
        Assert.Throws<UnreadableNotebookException>(() => Notebook.Parse("""[1]""", "text"));
        Assert.Throws<UnreadableNotebookException>(() => Notebook.Parse("""{"nbformat":4,"cells":[1]}""", "text"));
        Assert.Empty(Notebook.Parse("""{"nbformat":4,"cells":[],"metadata":[1]}""", "text").Cells);
    }
}
