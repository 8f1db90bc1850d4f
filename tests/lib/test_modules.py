"""What is true of every module of lib: short, documented, typed, public where chapters need it; one concept each."""

import ast
import inspect
import pkgutil
import re
from importlib import import_module

import pytest
from sphinx.ext.napoleon import GoogleDocstring
from sphinx.pycode import ModuleAnalyzer

import lib
from tools.book import chapters, read
from tools.reference import imported, is_public, modules, public

MODULES = [import_module(f"lib.{module.name}") for module in pkgutil.iter_modules(lib.__path__)]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_a_module_is_short_and_says_what_it_is(module):
    source = inspect.getsource(module)
    assert len(source.splitlines()) <= 250
    assert module.__doc__
    kinds = (ast.FunctionDef, ast.ClassDef)
    defined = {n.name for n in ast.parse(source).body if isinstance(n, kinds) and n.name[0] != "_"}
    if not module.__name__.startswith("lib._"):
        assert defined <= set(module.__all__)


def methods(cls):
    """The public methods a class adds; of `forward` the class itself gives the shapes."""
    return [m for name, m in vars(cls).items() if name[0] != "_" and name != "forward" and inspect.isfunction(m)]


OBJECTS = [thing for thing in public() if inspect.isclass(thing) or inspect.isfunction(thing)]
DOCUMENTED = [*OBJECTS, *(method for cls in OBJECTS if inspect.isclass(cls) for method in methods(cls))]
BY_NAME = {thing.__qualname__: thing for thing in DOCUMENTED}


def entries(function):
    """The arguments that a docstring explains: in its list, in its sentences, or by naming a function that does."""
    text = inspect.getdoc(function)
    listed = re.findall(r"^:param \*{0,2}(\w+):", str(GoogleDocstring(text)), re.MULTILINE)
    spoken = re.findall(r"``(\w+)``", text)
    borrowed = re.findall(r"are those of :(?:func|class):`(\w+)`", text)
    return {*listed, *spoken}.union(*(entries(BY_NAME[name]) for name in borrowed))


@pytest.mark.parametrize("function", DOCUMENTED, ids=lambda function: function.__qualname__)
def test_what_is_public_is_documented_and_typed(function):
    assert function.__doc__
    signature = inspect.signature(function)
    assert inspect.isclass(function) or signature.return_annotation is not signature.empty
    parameters = {name: p for name, p in signature.parameters.items() if name != "self"}
    missing = parameters.keys() - entries(function) - {"itemsize"}  # the module says what an itemsize is
    assert not missing, f"{function.__qualname__}: its docstring says nothing of {', '.join(missing)}"
    assert [name for name, p in parameters.items() if p.annotation is p.empty] == []


def test_an_entry_that_vanished_is_missed():
    def documented(first, second):
        """Join ``first`` to something.

        Args:
            second: what to join, and the word third.
        """

    assert entries(documented) == {"first", "second"}


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_what_a_chapter_imports_is_public(path):
    names = set(imported(read(path)).values())
    assert {name for name in names if not is_public(name)} <= set(modules())


@pytest.mark.parametrize("name", modules())
def test_a_public_constant_is_documented(name):
    constants = {n for n in import_module(name).__all__ if not callable(getattr(import_module(name), n))}
    comments = ModuleAnalyzer.for_module(name).find_attr_docs()  # what Sphinx finds behind #:
    assert constants <= {attribute for scope, attribute in comments if scope == ""}
