"""Forms whose fields never change after the class is made: every form of the class shares them.

@fixed_fields
class FeeForm(forms.Form): …

Optimization: Django copies each field and its widget for each form, which on a page of many small forms costs more
than all their validation. Such a form must not write to its fields; it may put further ones into `self.fields`.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.forms import Field
from django.forms.forms import BaseForm

Form = TypeVar("Form", bound=BaseForm)


class _Shared(dict[str, Field]):
    """The fields of a class; a form that copies them gets a dictionary of its own with the same fields."""

    def __deepcopy__(self, _memo: dict[int, Any]) -> dict[str, Field]:
        return dict(self)


def fixed_fields(form: type[Form]) -> type[Form]:
    """Lets all forms of the class share its fields; it is for the class itself, subclasses say so too."""
    form.base_fields = _Shared(form.base_fields)  # type: ignore[attr-defined]  # the stubs do not know it
    return form
