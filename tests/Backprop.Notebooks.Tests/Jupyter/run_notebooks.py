"""Runs notebooks in Jupyter kernels with nbclient, and writes what they show.

run_notebooks.py <kernels> <folder for the results> [--after-setup <code>] <notebook>...
As many notebooks run at the same time as there are kernels, whose names are separated by commas. A failing cell is kept
as it is, and the cells below it run.
"""
import asyncio
import os
import sys

import nbformat
from nbclient import NotebookClient


async def run(path, kernels, folder, after_setup):
    notebook = nbformat.read(path, as_version=4)
    if after_setup:
        first = next(i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code")
        notebook.cells.insert(first + 1, nbformat.v4.new_code_cell(after_setup))
    kernel = await kernels.get()
    try:
        client = NotebookClient(
            notebook,
            kernel_name=kernel,
            timeout=300,
            startup_timeout=120,
            allow_errors=True,
            resources={"metadata": {"path": os.path.dirname(os.path.abspath(path))}},
        )
        await client.async_execute()
    finally:
        kernels.put_nowait(kernel)
    nbformat.write(notebook, os.path.join(folder, os.path.basename(path)))


async def main(names, folder, *rest):
    after_setup = None
    if rest[0] == "--after-setup":
        after_setup, rest = rest[1], rest[2:]
    kernels = asyncio.Queue()
    for name in names.split(","):
        kernels.put_nowait(name)
    await asyncio.gather(*(run(path, kernels, folder, after_setup) for path in rest))


asyncio.run(main(*sys.argv[1:]))
