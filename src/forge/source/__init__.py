"""Files, spans, located YAML: where contract text comes from and where each value in it stands."""

from forge.source.documents import Document, Place
from forge.source.files import SourceFile, read_file
from forge.source.nodes import Json, Mapping, Node, Scalar, Sequence, Value, plain
from forge.source.spans import Position, Span, whole_file
from forge.source.yaml_reader import Fault, Reading, read

__all__ = [
    "Document",
    "Fault",
    "Json",
    "Mapping",
    "Node",
    "Place",
    "Position",
    "Reading",
    "Scalar",
    "Sequence",
    "SourceFile",
    "Span",
    "Value",
    "plain",
    "read",
    "read_file",
    "whole_file",
]
