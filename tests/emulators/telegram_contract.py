"""What the Bot API takes and gives, judged by aiogram's models; and what may go wrong on the way."""

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from aiogram.types import BufferedInputFile
from aiohttp import web
from aiohttp.web_request import FileField
from pydantic import BaseModel, TypeAdapter

Json = dict[str, Any]

Drop = object()
"""A fault: hang up before doing anything."""
DropAfter = object()
"""A fault: do it, then hang up without a word; a download ends in the middle."""


class Refused(Exception):
    """An answer that is not ok."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> Json:
        """Return the answer as the Bot API writes it."""
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return answer | ({"parameters": self.parameters} if self.parameters else {})


def bad(description: str) -> Refused:
    """Return the refusal of a call that can never succeed."""
    return Refused(400, f"Bad Request: {description}")


@dataclass(frozen=True)
class Page:
    """A fault: a proxy's page instead of an answer."""

    status: int
    html: str
    location: str = ""


@dataclass(frozen=True)
class Slow:
    """A fault: the answer comes late."""

    seconds: float


Fault = Refused | Page | Slow | object


@dataclass(frozen=True)
class Upload:
    """A file as it came in a form."""

    name: str
    data: bytes
    mime: str


def too_many(seconds: int) -> Refused:
    """Return the fault of a 429."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def snake(name: str) -> str:
    """Read sendMessage as send_message."""
    return re.sub(r"(?=[A-Z])", "_", name).lower()


async def parameters(request: web.Request, model: type[BaseModel]) -> Json:
    """Read a call's parameters from the address, a form or JSON; files are Uploads, where they are named."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        given |= await request.json()
    else:
        given |= dict(await request.post())
    return _attached({name: _value(value, model, name) for name, value in given.items()})


def _value(value: Any, model: type[BaseModel], name: str) -> Any:  # noqa: ANN401 - JSON
    """Read a form's value: numbers, flags and objects are written as JSON in it, words are not."""
    if isinstance(value, FileField):
        return Upload(value.filename, value.file.read(), value.content_type)
    if isinstance(value, str) and name in model.model_fields and not _words(model, name):
        with contextlib.suppress(ValueError):
            return json.loads(value)
    return value


def _words(model: type[BaseModel], name: str) -> bool:
    kind = model.model_fields[name].annotation
    return kind is str or (str in get_args(kind) and int not in get_args(kind))


def _attached(given: Json) -> Json:
    """Put the parts of a form where `attach://` names them; a part nobody names stays, and is refused."""
    used: set[str] = set()

    def put(value: Any) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, str) and value.startswith("attach://"):
            name = value.removeprefix("attach://")
            used.add(name)
            return given[name] if isinstance(given.get(name), Upload) else value
        if isinstance(value, dict):
            return {key: put(item) for key, item in value.items()}
        return [put(item) for item in value] if isinstance(value, list) else value

    done = {name: put(value) for name, value in given.items()}
    return {name: value for name, value in done.items() if name not in used}


def judged(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return parameters as aiogram takes them: its own files in the place of ours."""
    match value:
        case Upload():
            return BufferedInputFile(value.data, value.name)
        case dict():
            return {name: judged(item) for name, item in value.items()}
        case list():
            return [judged(item) for item in value]
    return value


def marked_up(value: Any) -> bool:  # noqa: ANN401 - JSON
    """Say whether words are to be read as markup anywhere in a call."""
    if isinstance(value, dict):
        return "parse_mode" in value or any(map(marked_up, value.values()))
    return isinstance(value, list) and any(map(marked_up, value))


def check(model: type[BaseModel], content: Json) -> Json:
    """Hold content against a contract that is not ours; nothing may be in it that the contract lacks."""
    _no_extras(model.model_validate(judged(content)), model.__name__)
    return content


def check_result(model: Any, result: Any) -> None:  # noqa: ANN401 - a method of aiogram, JSON
    """Hold a method's answer against what the method returns."""
    _no_extras(_returned(model).validate_python(result), f"{model.__name__}'s answer")


@cache
def _returned(model: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - a method of aiogram
    return TypeAdapter(model.__returning__)


def _no_extras(value: object, where: str) -> None:
    for path, part in _models(value, where):
        assert not part.model_extra, f"{path} knows no {sorted(part.model_extra or {})}"


def _models(value: object, where: str) -> Iterator[tuple[str, BaseModel]]:
    if isinstance(value, BaseModel):
        yield where, value
        for name in value.model_fields_set & set(type(value).model_fields):
            yield from _models(getattr(value, name), f"{where}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _models(item, where)
