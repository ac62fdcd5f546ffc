"""Checks of requests against the description: names, types and what is required. Limits stand in `limits`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.botapi import limits
from tests.botapi.description import Api, Array, Field, Shape, Types, load
from tests.botapi.parameters import MISSING, attach, reader
from tests.botapi.wire import RawRequest

Problems = list[str]
Check = Callable[[Any, str, Problems], None]
ByConst = dict[tuple[str, str], list[tuple[str, Check]]]


class Validator:
    """Compiled checks for every method and type of a description. Build one and keep it."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self._types: dict[str, Check] = {}
        self._methods = {name.lower(): _Method(shape, self) for name, shape in api.methods.items()}

    def method(self, name: str) -> str | None:
        """The described spelling of a method's name (letter case is free on the wire), None if unknown."""
        found = self._methods.get(name.lower())
        return found.shape.name if found else None

    def request(self, method: str, raw: RawRequest) -> tuple[dict[str, Any], Problems]:
        """Parsed parameters, file parts among them, and everything wrong with the request."""
        return self._methods[method.lower()].read(raw)

    def value(self, type_name: str, value: Any, path: str = "") -> Problems:
        """Everything wrong with a JSON value of a described type, such as an Update that a test made up."""
        problems: Problems = []
        self.check((type_name,))(value, path or type_name, problems)
        return problems

    def check(self, types: Types) -> Check:
        """The check of "one of these types"."""
        checks = [(str(one), self._type(one)) for one in types]
        if len(checks) == 1:
            return checks[0][1]
        by_const = self._by_const(types, dict(checks))
        return _discriminated(by_const, _any_of(checks)) if by_const else _any_of(checks)

    def _by_const(self, types: Types, checks: Mapping[str, Check]) -> ByConst:
        """The objects among the types by the fixed text that tells them apart; empty if one of them has none."""
        shapes = [self.api.types[one] for one in types if isinstance(one, str) and one in self.api.types]
        found: ByConst = {}
        for shape in shapes:
            consts = [(field.name, field.const) for field in shape.fields.values() if isinstance(field.const, str)]
            if not consts:
                return {}
            for name, const in consts:
                found.setdefault((name, const), []).append((shape.name, checks[shape.name]))
        return found

    def _type(self, name: str | Array) -> Check:
        if isinstance(name, Array):
            return _array(self.check(name.of))
        if name not in self._types:
            # A recursive type finds this stand-in, which looks the finished check up when it is called.
            self._types[name] = lambda value, path, problems: self._types[name](value, path, problems)
            self._types[name] = self._compile(name)
        return self._types[name]

    def _compile(self, name: str) -> Check:
        if name in _SCALARS:
            return _SCALARS[name]
        if name == "InputFile":
            return _string
        shape = self.api.types[name]
        return self.check(shape.subtypes) if shape.subtypes else _object(shape, self)


def _discriminated(by_const: ByConst, every: Check) -> Check:
    chosen = {key: found[0][1] if len(found) == 1 else _any_of(found) for key, found in by_const.items()}
    fields = sorted({field for field, _ in chosen})
    known = ", ".join(sorted({value for _, value in chosen}))

    def check(value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            every(value, path, problems)
            return
        for field in fields:
            found = chosen.get((field, str(value.get(field))))
            if found:
                found(value, path, problems)
                return
        problems.append(f"{path}: {fields[0]} is {value.get(fields[0])!r}, not one of {known}")

    return check


def _any_of(options: list[tuple[str, Check]]) -> Check:
    names = " or ".join(name for name, _ in options)

    def check(value: Any, path: str, problems: Problems) -> None:
        best: Problems | None = None
        for _, option in options:
            found: Problems = []
            option(value, path, found)
            if not found:
                return
            if best is None or len(found) < len(best):
                best = found
        problems.extend([f"{path}: fits none of {names}", *(best or ())])

    return check


def _array(item: Check) -> Check:
    def check(value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, list):
            problems.append(f"{path}: expected an array, got {type(value).__name__}")
            return
        for index, element in enumerate(value):
            item(element, f"{path}[{index}]", problems)

    return check


def _object(shape: Shape, validator: Validator) -> Check:
    checks = {name: _field(shape.name, field, validator) for name, field in shape.fields.items()}
    required = [name for name, field in shape.fields.items() if field.required]
    rules = limits.object_rules(shape)

    def check(value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.append(f"{path}: expected {shape.name}, got {type(value).__name__}")
            return
        before = len(problems)
        problems.extend(f"{path}.{name} is missing" for name in required if name not in value)
        for name, content in value.items():
            known = checks.get(name)
            if known is None:
                problems.append(f"{path}: {shape.name} has no field {name!r}")
            else:
                known(content, f"{path}.{name}", problems)
        if len(problems) == before:
            for rule in rules:
                rule(value, path, problems)

    return check


def _field(owner: str, field: Field, validator: Validator) -> Check:
    check = validator.check(field.types)
    rules = limits.field_rules(owner, field)
    if field.const is not None:
        rules = [*rules, _const(field.const)]
    return _then(check, rules) if rules else check


def _const(expected: str | int) -> Check:
    def check(value: Any, path: str, problems: Problems) -> None:
        if value != expected:
            problems.append(f"{path}: must be {expected!r}, not {value!r}")

    return check


def _then(check: Check, rules: Iterable[Check]) -> Check:
    rules = tuple(rules)

    def both(value: Any, path: str, problems: Problems) -> None:
        before = len(problems)
        check(value, path, problems)
        if len(problems) == before:
            for rule in rules:
                rule(value, path, problems)

    return both


def _scalar(name: str, fits: Callable[[Any], bool]) -> Check:
    def check(value: Any, path: str, problems: Problems) -> None:
        if not fits(value):
            problems.append(f"{path}: expected {name}, got {value!r:.80}")

    return check


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_float(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _string(value: Any, path: str, problems: Problems) -> None:
    if not isinstance(value, str):
        problems.append(f"{path}: expected String, got {value!r:.80}")
    elif not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            problems.append(f"{path}: strings must be encoded in UTF-8")


_SCALARS: Mapping[str, Check] = {
    "Integer": _scalar("Integer", _is_integer),
    "Float": _scalar("Float", _is_float),
    "Boolean": _scalar("Boolean", lambda value: isinstance(value, bool)),
    "String": _string,
}


class _Method:
    """The compiled check of one method's parameters."""

    def __init__(self, shape: Shape, validator: Validator) -> None:
        self.shape = shape
        self._required = [name for name, field in shape.fields.items() if field.required]
        self._readers = {name: reader(field) for name, field in shape.fields.items()}
        self._validator = validator
        self._checks: dict[str, Check] | None = None
        self._rules = limits.object_rules(shape)

    def read(self, raw: RawRequest) -> tuple[dict[str, Any], Problems]:
        if self._checks is None:
            self._checks = {name: _field(self.shape.name, f, self._validator) for name, f in self.shape.fields.items()}
        params: dict[str, Any] = {}
        problems: Problems = []
        for name, value in raw.fields.items():
            self._read_field(name, value, params, problems)
        attach(self.shape, raw, params, problems)
        problems.extend(f"{name} is missing" for name in self._required if name not in params)
        if not problems:
            for rule in self._rules:
                rule(params, self.shape.name, problems)
        return params, problems

    def _read_field(self, name: str, value: Any, params: dict[str, Any], problems: Problems) -> None:
        read = self._readers.get(name)
        if read is None or self._checks is None:
            problems.append(f"{self.shape.name} has no parameter {name!r}")
            return
        parsed = read(value, name, problems)
        if parsed is not MISSING:
            params[name] = parsed
            self._checks[name](parsed, name, problems)


def default_validator() -> Validator:
    """The validator of the described Bot API, compiled once."""
    global _default
    if _default is None:
        _default = Validator(load())
    return _default


_default: Validator | None = None
