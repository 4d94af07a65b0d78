"""What jupyter_kernel_test asks of every kernel, with samples in C#.

Two of its tests do not apply:
- test_pager: C# has no command that opens a pager, as ? does in IPython;
- test_clear_output: the C# kernel that notebooks are written for has no call that clears a cell's output, so ours has none.
"""
import sys
import unittest

import jupyter_kernel_test


class CSharpKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "backprop-csharp"
    language_name = "csharp"
    file_extension = ".cs"
    code_hello_world = 'Console.WriteLine("hello, world");'
    code_stderr = 'Console.Error.WriteLine("oops");'
    completion_samples = [
        {"text": "Console.WriteL", "matches": ["WriteLine"]},
        {"text": "var text = Math.Sqr", "matches": ["Sqrt"]},
    ]
    complete_code_samples = ["1 + 1", "var x = 1;", "#!time"]
    incomplete_code_samples = ["void F()\n{", "Math.Max(1,", "/* to be continued"]
    invalid_code_samples = ["1 + ) 2", "}"]
    code_generate_error = 'throw new Exception("on purpose");'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "1 == 1", "result": "True"},
        {"code": '"six" + "teen"', "result": "sixteen"},
        {"code": '"six" + "teen"', "result": "sixteen"},
        {"code": '"twen" + "ty"', "result": "twenty"},
    ]
    code_display_data = [
        {"code": 'HTML("<b>bold</b>").Display();', "mime": "text/html"},
        {"code": '"# Title".DisplayAs("text/markdown");', "mime": "text/markdown"},
    ]
    code_history_pattern = '"six"*'
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Console.WriteLine"


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
