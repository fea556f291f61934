"""The reference of the public names, made of their docstrings while the site is built.

`mkdocs build` calls `on_config` and `on_files` (`hooks:` in mkdocs.yml): a page for each namespace,
with the signature and the docstring of each name.  Nothing is written to docs/, so nothing can be
stale.  `on_page_markdown` shows a link that leads out of docs/, to code, as the path that it is.

    python tools/api_pages.py tf.nn        print the page of a namespace

Source: docs/decisions/0009-docs-site.md.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

FOLDER = "reference"
_SECTION = re.compile(r"(Args|Attributes|Raises|Returns|Yields):$")
_ENTRY = re.compile(r" {4}(\*{0,2}[\w, .*]+?): (.*)$")
_CODE = re.compile(r"(`[^`]*`)")
_OUTSIDE = re.compile(r"\[([^\]]+)\]\(((?:\.\./)+[^)#:]+)\)")
_MARKS = re.compile(r"([\\*\[\]_])")


def namespaces() -> dict[str, ModuleType]:
    """Return the public modules that hold public names: `tf.nn` -> the module."""
    root = import_module("minitf")
    found: dict[str, ModuleType] = {}

    def walk(path: str, module: ModuleType) -> None:
        found[path] = module
        for name in sorted(dir(module)):
            child = getattr(module, name)
            is_seen = any(child is each for each in found.values())
            if inspect.ismodule(child) and hasattr(child, "_NAMES") and not is_seen:
                walk(f"{path}.{name}", child)

    walk("tf", root)
    return found


def homes(modules: dict[str, ModuleType]) -> dict[int, str]:
    """Return where each function and class is documented: its shortest public path, by identity."""
    found: dict[int, str] = {}
    for path, module in modules.items():
        for name in sorted(dir(module)):
            value, full = getattr(module, name), f"{path}.{name}"
            if _is_documented(value) and len(full) < len(found.get(id(value), full + " ")):
                found[id(value)] = full
    return found


def page(path: str, module: ModuleType, where: dict[int, str]) -> str:
    """Render a namespace: what stands here, then what stands elsewhere, then plain values."""
    here, elsewhere, values = [], [], []
    for name in sorted(dir(module), key=lambda name: (name.lower(), name)):
        value, full = getattr(module, name), f"{path}.{name}"
        if name.startswith("_") or inspect.ismodule(value):
            continue
        if not _is_documented(value):
            values.append(f"`{name}`")
        elif where[id(value)] == full:
            here.append(_described(full, value))
        else:
            elsewhere.append(f"- `{full}` is {_link(where[id(value)])}")
    parts = [f"# {path}", _text(inspect.getdoc(module) or ""), *here]
    if elsewhere:
        parts += ["## Under other names", "\n".join(elsewhere)]
    if values:
        parts += ["## Values", ", ".join(values)]
    return "\n\n".join(part for part in parts if part) + "\n"


def pages() -> dict[str, str]:
    """Return the reference: the name of a file -> its text."""
    modules = namespaces()
    where = homes(modules)
    made = {_file(path): page(path, module, where) for path, module in modules.items()}
    rows = [
        f"- [{path}]({_file(path)}): {_summary(module)}" for path, module in sorted(modules.items())
    ]
    head = (
        "# Reference\n\nThe public names, with TensorFlow 1.15's signatures; `import minitf as tf`."
    )
    return {"index.md": f"{head}\n\n" + "\n".join(rows) + "\n", **made}


# --- what mkdocs calls -------------------------------------------------------------------------


def on_config(config: Any, **_: Any) -> Any:
    """Add the reference to the pages that the site lists."""
    listed = [f"{FOLDER}/index.md", *(f"{FOLDER}/{_file(path)}" for path in sorted(namespaces()))]
    config.nav.append({"Reference": listed})
    return config


def on_files(files: Any, config: Any, **_: Any) -> Any:
    """Add the pages themselves."""
    from mkdocs.structure.files import File

    for name, text in pages().items():
        files.append(File.generated(config, f"{FOLDER}/{name}", content=text))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Name the files that the site has not, where the repository's documents link to them."""
    folder = (ROOT / "docs" / page.file.src_uri).parent

    def shown(link: re.Match[str]) -> str:
        target = (folder / link[2]).resolve()
        if target.is_relative_to(ROOT / "docs"):
            return link[0]
        return f"{link[1]} (`{target.relative_to(ROOT)}`)"

    return _OUTSIDE.sub(shown, markdown)


# --- docstrings as Markdown --------------------------------------------------------------------


def _is_documented(value: Any) -> bool:
    return inspect.isroutine(value) or inspect.isclass(value)


def _file(path: str) -> str:
    return f"{path}.md"


def _link(full: str) -> str:
    path, _, name = full.rpartition(".")
    return f"[{_text(full)}]({_file(path)}#{name})"


def _summary(module: ModuleType) -> str:
    return _text((inspect.getdoc(module) or "").partition("\n")[0])


def _described(full: str, value: Any) -> str:
    name = full.rpartition(".")[2]
    parts = [f"## {name} {{#{name}}}", f"```python\n{_signature(full, value)}\n```"]
    parts.append(markdown(inspect.getdoc(value) or ""))
    if inspect.isclass(value):
        for method, function in _methods(value):
            parts += [f"### {name}.{method}", f"```python\n{_signature(method, function)}\n```"]
            parts.append(markdown(inspect.getdoc(function) or ""))
    return "\n\n".join(part for part in parts if part)


def _methods(kind: type) -> Iterator[tuple[str, Any]]:
    """Yield the public methods that a class of ours defines itself."""
    if not kind.__module__.startswith("minitf"):
        return
    for name, value in sorted(vars(kind).items()):
        if not name.startswith("_") and inspect.isroutine(value):
            yield name, getattr(kind, name)


def _signature(full: str, value: Any) -> str:
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return full
    parameters = [
        each.replace(annotation=inspect.Parameter.empty)
        for each in signature.parameters.values()
        if each.name not in {"self", "cls"}
    ]
    plain = signature.replace(parameters=parameters, return_annotation=signature.empty)
    return re.sub(r" at 0x[0-9a-f]+", "", f"{full}{plain}")


def markdown(docstring: str) -> str:
    """Return a docstring in Markdown: sections become bold titles, their entries a list."""
    lines: list[str] = []
    section = ""
    for line in docstring.splitlines():
        titled, entry = _SECTION.match(line), _ENTRY.match(line)
        if titled:
            section = titled[1]
            lines += ["", f"**{section}**", ""]
        elif section and line and not line.startswith(" "):
            section = ""
            lines += ["", _text(line)]
        elif section and entry:
            lines.append(f"- `{entry[1]}`: {_text(entry[2])}")
        elif section in {"Returns", "Yields"} or (section and line.startswith(" " * 8)):
            lines.append(
                ("  " if section not in {"Returns", "Yields"} else "") + _text(line.strip())
            )
        elif section:
            lines.append(f"- {_text(line.strip())}" if line else "")
        else:
            lines.append(line if line.startswith("    ") else _text(line))
    return "\n".join(lines).strip()


def _text(line: str) -> str:
    """Escape what Markdown would take for a mark, but not in code."""
    parts = _CODE.split(line)
    return "".join(
        part if part.startswith("`") else _MARKS.sub(r"\\\1", part).replace("<", "&lt;")
        for part in parts
    )


if __name__ == "__main__":
    every = namespaces()
    for asked in sys.argv[1:] or every:
        print(page(asked, every[asked], homes(every)))
