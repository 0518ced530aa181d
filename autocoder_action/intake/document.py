"""The configuration file as a mapping, or what is wrong with it as a file."""

from collections import Counter

LARGEST = 262_144
"""The most bytes of a file; parsing YAML takes a second for some hundred thousand."""


def read_document(config: bytes | None, where: str) -> tuple[dict[str, object], list[str]]:
    """Read YAML that holds one mapping, or say in one line each why it does not; ``where`` is the file's name.

    >>> read_document(b"a: 1", "x.yml"), read_document(b"- a", "x.yml")[1]
    (({'a': 1}, []), ['x.yml has to be a mapping of settings, such as `max_turns: 100`'])
    """
    if config is None:
        return {}, []
    if len(config) > LARGEST:
        return {}, [f"{where} has more than {LARGEST:,} bytes, and no configuration needs as many"]
    return _read(config, where)


def _read(config: bytes, where: str) -> tuple[dict[str, object], list[str]]:
    import yaml  # noqa: PLC0415  # a project without a configuration does not wait for it

    try:
        document, twice = _load(config.decode())
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return {}, [f"{where} is no YAML at line {line}: {error.problem}"]
    except (yaml.YAMLError, ValueError):
        return {}, [f"{where} is no YAML text in UTF-8"]
    except (LookupError, AttributeError, TypeError, OverflowError, RecursionError):
        # what PyYAML lets through for a value that does not fit its tag, or that is nested without end
        return {}, [f"{where} is no YAML that can be read: a value does not fit its tag, or is nested too deeply"]
    document = {} if document is None else document
    if not isinstance(document, dict):
        return {}, [f"{where} has to be a mapping of settings, such as `max_turns: 100`"]
    return {str(key): value for key, value in document.items()}, [f"{where}: {key}: it is there twice" for key in twice]


def _load(text: str) -> tuple[object, list[str]]:
    """Return a document and the keys that it has more than once, of which YAML keeps the last in silence."""
    import yaml  # noqa: PLC0415  # as above

    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        keys = [str(key.value) for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
        document = loader.construct_document(node) if node else None
    finally:
        loader.dispose()
    return document, [key for key, count in Counter(keys).items() if count > 1]
