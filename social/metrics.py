"""Figures in the text format that Prometheus reads (version 0.0.4): numbers and the words of our own tables, no names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Sample:
    """One number.  labels: name -> value."""

    value: float
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Figure:
    """One figure.  name: without the prefix.  kind: gauge or counter.  help: what it is, with its unit."""

    name: str
    kind: str
    help: str
    samples: tuple[Sample, ...]


def gauge(name: str, help_: str, *samples: tuple[float, Mapping[str, str]]) -> Figure:
    return Figure(name, "gauge", help_, tuple(Sample(value, labels) for value, labels in samples))


def counter(name: str, help_: str, *samples: tuple[float, Mapping[str, str]]) -> Figure:
    return Figure(name, "counter", help_, tuple(Sample(value, labels) for value, labels in samples))


def render(figures: Iterable[Figure]) -> str:
    """The page that Prometheus reads."""
    lines = []
    for figure in figures:
        name = f"beatline_{figure.name}"
        lines += [f"# HELP {name} {_escaped(figure.help)}", f"# TYPE {name} {figure.kind}"]
        lines += [f"{name}{_labels(sample.labels)} {sample.value!r}" for sample in figure.samples]
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    inner = ",".join(f'{name}="{_escaped(value, quotes=True)}"' for name, value in labels.items())
    return "{" + inner + "}"


def _escaped(text: str, *, quotes: bool = False) -> str:
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    return text.replace('"', '\\"') if quotes else text
