"""Templates made flat when they are first used: what is the same for everybody is rendered once, not each time.

Optimization: Django keeps templates parsed, and at each request walks from the page to its base, block by block,
and translates every word anew; on our lists that was most of the page's time. This loader keeps one copy of a
template for each language in which

- the page, its bases and the templates that it includes are one, with each block in its place;
- words to translate, icons and addresses of files that nothing decides about are plain text.

What is written stays the same, letter by letter (`tests/test_flat_templates.py`). Tags that this file does not know
stay as Django made them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from django.template import Context, Node, NodeList, Origin, Template, TemplateSyntaxError
from django.template.base import FilterExpression, TextNode, Variable, VariableNode
from django.template.defaulttags import CommentNode, ForNode, IfNode, LoadNode, WithNode
from django.template.library import SimpleBlockNode, SimpleNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.template.loaders import cached
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

Tag = TypeVar("Tag", bound=Callable[..., Any])
ABOVE = "block.super"
OPEN = (ForNode, WithNode, SimpleBlockNode)  # nodes whose parts are made flat too; IfNode has its own way


class CannotFlatten(TemplateSyntaxError):
    """A base of a base whose name is no literal, or a block inside a tag that this file does not know."""


def says_the_same(tag: Tag) -> Tag:
    """Marks a simple tag that, given constants, says the same to everybody in one language."""
    tag.says_the_same = True  # type: ignore[attr-defined]
    return tag


class Loader(cached.Loader):
    """Django's caching loader; what it hands out is flat, one copy a language."""

    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        return f"{get_language()} {super().cache_key(template_name, skip)}"

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        is_new = self.cache_key(template_name, skip) not in self.get_template_cache
        template = super().get_template(template_name, skip)
        if is_new:
            template.as_written = template.nodelist  # type: ignore[attr-defined]
            template.nodelist = flat_nodes(template)
        return template


class Flat(NodeList):
    """Nodes and plain text. Text is not asked, and nodes are asked directly: there is nothing to annotate."""

    def render(self, context: Context) -> SafeString:
        return mark_safe("".join([one if isinstance(one, str) else one.render(context) for one in self]))  # noqa: S308


class Together(Node):
    """Nodes as one: Django's loop asks each node of its own accord, and plain text cannot answer."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        return self.nodelist.render(context)

    def render_annotated(self, context: Context) -> SafeString:
        return self.nodelist.render(context)


class Scope(Node):
    """What is set inside is forgotten outside: a block, or an included template with what it is given."""

    def __init__(self, nodelist: NodeList, given: dict[str, FilterExpression] | None = None) -> None:
        self.nodelist = nodelist
        self.given = tuple((given or {}).items())

    def render(self, context: Context) -> SafeString:
        with context.push(**{name: value.resolve(context) for name, value in self.given}):
            return self.nodelist.render(context)


class OnBase(Node):
    """A page whose base is named by its context: made flat once for each base."""

    def __init__(self, template: Template, name: Any) -> None:
        self.template, self.name = template, name
        self.known: dict[str, Flat] = {}

    def render(self, context: Context) -> SafeString:
        name = str(self.name.resolve(context))
        if name not in self.known:
            self.known[name] = Flattening.of(self.template, name)
        return self.known[name].render(context)


@dataclass(slots=True)
class Flattening:
    """One template with its bases: the blocks of each name, the page's own first."""

    engine: Any
    blocks: dict[str, list[BlockNode]] = field(default_factory=dict)

    @classmethod
    def of(cls, template: Template, base: str = "") -> Flat:
        """The template's nodes made flat; `base` is its base where only the request knows it."""
        made = cls(template.engine)
        return made.flat(made.root_of(template, base), None)

    def root_of(self, template: Template, base: str) -> NodeList:
        """The nodes of the base page; on the way to it the blocks of each template are kept."""
        seen = [template.origin]
        while True:
            written = written_in(template)
            extending = base_named_in(written)
            within = extending.nodelist if extending else written
            for block in within.get_nodes_by_type(BlockNode):
                if isinstance(block, BlockNode):
                    self.blocks.setdefault(block.name, []).append(block)
            if extending is None:
                return written
            name = base or constant(extending.parent_name)
            template, origin = self.engine.find_template(name, skip=seen)
            seen, base = [*seen, origin], ""

    def flat(self, written: NodeList, above: list[BlockNode] | None) -> Flat:
        """The nodes made flat; `above` are the blocks that `block.super` means here."""
        made: list[Any] = []
        for part in (part for node in written for part in self.parts_of(node, above)):
            if isinstance(part, str) and made and isinstance(made[-1], str):
                made[-1] += part
            elif part != "":
                made.append(part)
        return Flat(made)

    def parts_of(self, node: Node, above: list[BlockNode] | None) -> Iterator[Node | str]:
        if isinstance(node, TextNode):
            yield node.s
        elif isinstance(node, BlockNode):
            yield from self.scoped(self.blocks.get(node.name, [node]))
        elif is_above(node):
            yield from self.scoped(above or [])
        elif isinstance(node, IncludeNode) and not node.isolated_context and is_constant(node.template):
            yield from self.included(node)
        elif says_one_thing(node):
            yield str(node.render(Context()))
        elif isinstance(node, IfNode):
            made = copy(node)
            made.conditions_nodelists = [
                (condition, self.flat(nodelist, above)) for condition, nodelist in node.conditions_nodelists
            ]
            yield made
        elif isinstance(node, OPEN):
            yield self.opened(node, above)
        elif not isinstance(node, CommentNode | LoadNode):
            yield closed(node)

    def scoped(self, blocks: list[BlockNode]) -> Iterator[Node | str]:
        """The first of the blocks in its place, with the others above it."""
        if blocks:
            yield from in_scope(self.flat(blocks[0].nodelist, blocks[1:]))

    def included(self, node: IncludeNode) -> Iterator[Node | str]:
        """The included template in its place, with what it is given."""
        template, _origin = self.engine.find_template(constant(node.template))
        yield from in_scope(flat_nodes(template), node.extra_context)

    def opened(self, node: Node, above: list[BlockNode] | None) -> Node:
        made = copy(node)
        for name in ("nodelist", "nodelist_loop", "nodelist_empty"):
            if name in vars(node):
                setattr(made, name, NodeList([Together(self.flat(getattr(node, name), above))]))
        return made


def flat_nodes(template: Template) -> Flat:
    """The template made flat, or what will be made flat when its base is known."""
    extending = base_named_in(written_in(template))
    if extending is None or is_constant(extending.parent_name):
        return Flattening.of(template)
    return Flat([OnBase(template, extending.parent_name)])


def base_named_in(written: NodeList) -> ExtendsNode | None:
    return next((node for node in written if isinstance(node, ExtendsNode)), None)


def written_in(template: Template) -> NodeList:
    """The template's nodes as they were parsed."""
    return cast(NodeList, getattr(template, "as_written", template.nodelist))


def in_scope(nodes: Flat, given: dict[str, FilterExpression] | None = None) -> Iterator[Node | str]:
    """The nodes in a scope of their own; plain text needs none."""
    if all(isinstance(node, str) for node in nodes):
        yield from nodes
    else:
        yield Scope(nodes, given)


def is_above(node: Node) -> bool:
    """True for `{{ block.super }}`."""
    return isinstance(node, VariableNode) and node.filter_expression.token == ABOVE


def closed(node: Node) -> Node:
    """The node as it is; it must have nothing inside that belongs to a base."""
    inner = list(node.get_nodes_by_type(Node))
    if any(isinstance(one, BlockNode) or names_block(one) for one in inner):
        raise CannotFlatten(f"a block inside {node!r}")
    return node


def names_block(node: Node) -> bool:
    return isinstance(node, VariableNode) and str(node.filter_expression.token).startswith("block.")


def is_constant(expression: object) -> bool:
    """True for a literal without filters."""
    if not isinstance(expression, FilterExpression) or expression.filters:
        return False
    return not isinstance(expression.var, Variable) or expression.var.literal is not None


def constant(expression: FilterExpression | Node) -> str:
    """The text of a literal; CannotFlatten if it is something else."""
    if not isinstance(expression, FilterExpression) or not is_constant(expression):
        raise CannotFlatten(f"{expression} is not a literal")
    return str(expression.resolve(Context()))


def says_one_thing(node: Node) -> bool:
    """True for a node that says the same each time in this language."""
    if isinstance(node, TranslateNode):
        about = node.message_context
        return not node.asvar and is_constant(node.filter_expression) and (not about or is_constant(about))
    if isinstance(node, StaticNode):
        return not node.varname and is_constant(node.path)
    if type(node) is SimpleNode and getattr(node.func, "says_the_same", False):
        return not node.target_var and all(map(is_constant, (*node.args, *node.kwargs.values())))
    return False
