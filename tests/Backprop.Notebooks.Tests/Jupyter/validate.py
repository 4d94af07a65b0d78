"""Validates notebooks against the schema of their format; a warning is a failure."""
import sys
import warnings

import nbformat

warnings.simplefilter("error")
failures = 0
for path in sys.argv[1:]:
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        notebook = nbformat.reader.reads(text)
        nbformat.validate(notebook)
    except Exception as e:
        failures += 1
        print(f"{path}: {type(e).__name__}: {str(e).splitlines()[0]}")
sys.exit(failures)
