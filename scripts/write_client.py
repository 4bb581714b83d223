"""The client's operations from the schema, a module for each resource; `write_reference.py` writes them."""

from __future__ import annotations

import json
import keyword
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tradewright.api.app import make_app
from tradewright.api.schema import schema_text

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "src/tradewright/client/resources"
NOTE = "\n\nWritten by `scripts/write_reference.py` from the schema; change the API instead.\n"
PLAIN = {
    "string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None",
    "object": "dict[str, Any]",
}  # fmt: skip
METHODS = ("get", "post", "put", "patch", "delete")


def kind(schema: dict[str, Any]) -> str:
    """The Python type of a schema."""
    if "$ref" in schema:
        return name_of(schema["$ref"].rsplit("/", 1)[1])
    if values := schema.get("enum") or ([schema["const"]] if "const" in schema else []):
        return f"Literal[{', '.join(map(repr, values))}]"
    parts = schema.get("anyOf") or schema.get("oneOf")
    if parts:
        return " | ".join(dict.fromkeys(kind(part) for part in parts))
    if schema.get("type") == "array":
        return f"list[{kind(schema.get('items', {}))}]"
    extra = schema.get("additionalProperties")
    if schema.get("type") == "object" and isinstance(extra, dict):
        return f"dict[str, {kind(extra)}]"
    return PLAIN.get(schema.get("type", ""), "Any")


def name_of(text: str) -> str:
    """A class name."""
    return re.sub(r"\W", "_", text).strip("_")


def line(text: str) -> str:
    """The first line of a description, as it may stand in a docstring."""
    return (text or "See the schema.").splitlines()[0].replace("\\", "\\\\").replace('"""', "'''")


def refs(schema: Any) -> set[str]:
    """The names of all schemas that are mentioned, right here."""
    if isinstance(schema, dict):
        own = {schema["$ref"].rsplit("/", 1)[1]} if "$ref" in schema else set()
        return own.union(*(refs(value) for value in schema.values()), set())
    return set().union(*(refs(value) for value in schema)) if isinstance(schema, list) else set()


def record(name: str, schema: dict[str, Any]) -> str:
    """A schema as a typed dictionary, or as another name of a type."""
    fields = schema.get("properties")
    if not fields:
        return f"{name_of(name)} = {kind(schema)}\n"
    needed = set(schema.get("required", ()))
    rows = []
    for field, own in fields.items():
        typed = kind(own)
        rows.append((field, typed if field in needed else f"NotRequired[{typed}]"))
    if any(keyword.iskeyword(field) or not field.isidentifier() for field, _ in rows):
        inner = ", ".join(f"{field!r}: {json.dumps(typed)}" for field, typed in rows)
        return f"{name_of(name)} = TypedDict({name_of(name)!r}, {{{inner}}})\n"
    body = "\n".join(f"    {field}: {typed}" for field, typed in rows)
    return f'class {name_of(name)}(TypedDict):\n    """{line(schema.get("description", ""))}"""\n\n{body}\n'


def answer(route: dict[str, Any]) -> str | None:
    """The type of a route's good answer; None for a stream, which has a door of its own."""
    good = next((own for status, own in sorted(route["responses"].items()) if status.startswith("2")), {})
    content = good.get("content", {})
    if "text/event-stream" in content:
        return None
    if not content:
        return "None"
    return kind(content["application/json"].get("schema", {})) if "application/json" in content else "bytes"


def typed(parameter: dict[str, Any]) -> str:
    """A parameter with its type; it may be without a value in any case."""
    return f"{argument(parameter['name'])}: {kind(parameter['schema']).replace(' | None', '')}"


def argument(name: str) -> str:
    """A parameter's name where Python may keep it for itself: `from` is `from_`."""
    return f"{name}_" if keyword.iskeyword(name) else name


def method(path: str, verb: str, route: dict[str, Any]) -> str:
    """One operation as a method."""
    given = answer(route)
    if given is None:
        return ""
    places = [own for own in route.get("parameters", ()) if own["in"] in ("path", "query")]
    heads = [own for own in route.get("parameters", ()) if own["in"] == "header" and own["name"].lower() == "if-match"]
    arguments = [typed(own) for own in places if own["in"] == "path"]
    content = route.get("requestBody", {}).get("content", {})
    has_body = "application/json" in content
    if has_body:
        needed = route["requestBody"].get("required", False)
        taken = kind(content["application/json"]["schema"])
        arguments.append(f"body: {taken}" if needed else f"body: {taken.replace(' | None', '')} | None = None")
    queries = [own for own in places if own["in"] == "query"]
    options = [f"{typed(own)} | None = None" for own in queries]
    options += ["if_match: str | None = None"] if heads else []
    star = ["*"] if options else []
    address = re.sub(r"\{(\w+)\}", r"{quote(str(\1), safe='')}", path)
    call = [repr(verb.upper()), f"f{address!r}" if "{" in address else repr(address)]
    pairs = ", ".join(f"{own['name']!r}: {argument(own['name'])}" for own in queries)
    call += [f"query={{{pairs}}}"] if queries else []
    call += ["body=body"] if has_body else []
    call += ["headers={'If-Match': if_match} if if_match else None"] if heads else []
    sent = f"self._sender.send({', '.join(call)})"
    does = f"        {sent}\n" if given == "None" else f"        found: {given} = {sent}\n        return found\n"
    signature = ", ".join(["self", *arguments, *star, *options])
    told = line(route.get("description", ""))
    name = route["operationId"]
    return f'    def {name}({signature}) -> {given}:\n        """{told}"""\n{does}\n'


def module(tag: str, routes: list[tuple[str, str, dict[str, Any]]], schemas: dict[str, Any]) -> str:
    """The module of a resource: its types, and its operations."""
    methods = "".join(method(*one) for one in routes)
    wanted, reached = set(), refs([route for _, _, route in routes])
    while reached - wanted:
        wanted |= reached
        reached = refs([schemas[name] for name in wanted])
    used = {name for name in wanted if name in schemas and not name.startswith(("Problem", "Fault", "HTTPValidation"))}
    own = "\n\n".join(record(name, schemas[name]) for name in sorted(used))
    words = [
        word for word in ("Any", "Literal", "NotRequired", "TypedDict") if re.search(rf"\b{word}\b", own + methods)
    ]
    typing = f"from typing import {', '.join(words)}\n" if words else ""
    quoting = "from urllib.parse import quote\n\n" if "quote(" in methods else ""
    sender = "from tradewright.client.sender import Sender\n"
    title = tag.capitalize()
    return (
        f'"""Operations on {tag}, and what they take and give.{NOTE}"""\n\nfrom __future__ import annotations\n\n'
        f"{typing}{quoting}\n{sender}\n__all__ = [{title!r}]\n\n\n{own}\n\n"
        f'class {title}:\n    """Operations on {tag}."""\n\n    def __init__(self, sender: Sender) -> None:\n'
        f"        self._sender = sender\n\n{methods}"
    )


def modules() -> dict[str, str]:
    """Every module by its file's name."""
    schema = json.loads(schema_text(make_app()))
    schemas = schema["components"]["schemas"]
    routes: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, methods in schema["paths"].items():
        for verb in METHODS:
            if verb in methods and answer(methods[verb]) is not None:
                routes.setdefault(methods[verb]["tags"][0], []).append((path, verb, methods[verb]))
    found = {f"{name_of(tag)}.py": module(name_of(tag), own, schemas) for tag, own in sorted(routes.items())}
    names = sorted(name_of(tag) for tag in routes)
    imports = "".join(f"from tradewright.client.resources.{name} import {name.capitalize()}\n" for name in names)
    fields = "".join(f"        self.{name} = {name.capitalize()}(sender)\n" for name in names)
    found["__init__.py"] = (
        f'"""Every resource of the API.{NOTE}"""\n\nfrom __future__ import annotations\n\n{imports}'
        'from tradewright.client.sender import Sender\n\n__all__ = ["Resources"]\n\n\nclass Resources:\n'
        '    """A field for each resource."""\n\n    def __init__(self, sender: Sender) -> None:\n' + fields
    )
    return found


def formatted(text: str, name: str) -> str:
    """As the house formats."""
    fixed = _ruff("check", "--fix", "--select", "I,UP,RUF022", name=name, text=text)
    return _ruff("format", name=name, text=fixed or text)


def _ruff(*words: str, name: str, text: str) -> str:
    command = [sys.executable, "-m", "ruff", *words, "--quiet", "--stdin-filename", name, "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False, cwd=ROOT).stdout


def files() -> dict[Path, str]:
    """Every module, as the house formats, by its file."""
    return {HOME / name: formatted(text, str(HOME / name)) for name, text in modules().items()}
