"""Contract types to JSON and back, strictly: what is not exactly the type that the contract names does not cross.

Supported: str, int, bool, UUID, aware datetime, date, StrEnum, contract dataclasses, ``X | None`` and
``tuple[X, ...]``. A dataclass must carry every field by name, with no other key. Errors name the path inside the
value and the type found, never the value itself, so that they are safe to log.
"""

import dataclasses
import datetime as dt
import enum
import types
import typing
import uuid
from collections.abc import Callable, Mapping
from typing import Any

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


class ContractMismatch(Exception):
    """A value is not of its contract type; the message says where and what was expected."""


def encode(value: object, kind: Any, path: str = "value") -> Json:
    """Return ``value`` as JSON data; ContractMismatch unless it is exactly of ``kind``."""
    optional = _optional(kind)
    if optional is not None:
        return None if value is None else encode(value, optional, path)
    item = _tuple_item(kind)
    if item is not None:
        if type(value) is not tuple:
            raise _mismatch(path, "a tuple", value)
        return [encode(entry, item, f"{path}[{index}]") for index, entry in enumerate(value)]
    if type(value) is not kind:
        raise _mismatch(path, kind.__name__, value)
    if dataclasses.is_dataclass(value):
        hints = typing.get_type_hints(kind)
        return {
            field.name: encode(getattr(value, field.name), hints[field.name], f"{path}.{field.name}")
            for field in dataclasses.fields(value)
        }
    if isinstance(value, dt.datetime) and value.utcoffset() is None:
        raise ContractMismatch(f"{path} must be an aware datetime")
    return _scalar(value, path)


def decode(data: Any, kind: Any, path: str = "value") -> Any:
    """Return the value of ``kind`` that JSON ``data`` stands for; ContractMismatch if it stands for none."""
    optional = _optional(kind)
    if optional is not None:
        return None if data is None else decode(data, optional, path)
    item = _tuple_item(kind)
    if item is not None:
        if not isinstance(data, list):
            raise _mismatch(path, "a list", data)
        return tuple(decode(entry, item, f"{path}[{index}]") for index, entry in enumerate(data))
    if dataclasses.is_dataclass(kind):
        return _decode_dataclass(data, kind, path)
    if kind in {str, int, bool}:
        if type(data) is not kind:
            raise _mismatch(path, kind.__name__, data)
        return data
    return _decode_text(data, kind, path)


def _decode_dataclass(data: Any, kind: Any, path: str) -> Any:
    if not isinstance(data, Mapping):
        raise _mismatch(path, f"a {kind.__name__} object", data)
    hints = typing.get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    if unknown := sorted(set(data) - set(names)):
        raise ContractMismatch(f"{path} has {len(unknown)} unknown field(s) for {kind.__name__}")
    if missing := [name for name in names if name not in data]:
        raise ContractMismatch(f"{path} lacks {', '.join(missing)} of {kind.__name__}")
    return kind(**{name: decode(data[name], hints[name], f"{path}.{name}") for name in names})


def _decode_text(data: Any, kind: Any, path: str) -> Any:
    if type(data) is not str:
        raise _mismatch(path, kind.__name__, data)
    readers: dict[Any, Callable[[str], Any]] = {
        uuid.UUID: uuid.UUID,
        dt.datetime: dt.datetime.fromisoformat,
        dt.date: dt.date.fromisoformat,
    }
    is_enumeration = isinstance(kind, type) and issubclass(kind, enum.StrEnum)
    reader = kind if is_enumeration else readers.get(kind)
    if reader is None:
        raise ContractMismatch(f"{path}: {kind} cannot cross")
    try:
        value = reader(data)
    except ValueError:
        raise ContractMismatch(f"{path} is no valid {kind.__name__}") from None
    if isinstance(value, dt.datetime) and value.utcoffset() is None:
        raise ContractMismatch(f"{path} must be an aware datetime")
    return value


def _scalar(value: object, path: str) -> Json:
    if isinstance(value, enum.StrEnum):
        return value.value
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    raise ContractMismatch(f"{path}: {type(value).__name__} cannot cross")


def _optional(kind: Any) -> Any:
    if typing.get_origin(kind) not in {types.UnionType, typing.Union}:
        return None
    members = [member for member in typing.get_args(kind) if member is not types.NoneType]
    if len(members) != 1:
        raise ContractMismatch(f"{kind} cannot cross: a union is X | None only")
    return members[0]


def _tuple_item(kind: Any) -> Any:
    if typing.get_origin(kind) is not tuple:
        return None
    item, ellipsis = typing.get_args(kind)
    if ellipsis is not Ellipsis:
        raise ContractMismatch(f"{kind} cannot cross: a tuple is tuple[X, ...] only")
    return item


def _mismatch(path: str, wanted: str, found: object) -> ContractMismatch:
    return ContractMismatch(f"{path} must be {wanted}, not {type(found).__name__}")
