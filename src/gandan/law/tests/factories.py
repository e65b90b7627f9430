"""Who acts on the law in tests, and short calls of its acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from gandan.law.actions import confirm_parameter
from gandan.law.models import Parameter
from gandan.law.rows import Scope
from gandan.ledger.ids import new_id

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Somebody:
    """An officer, as far as the law asks."""

    code: str
    confirms_law: bool = False
    administered: tuple[tuple[Scope, str], ...] = ()

    def administers_scope(self, scope: Scope, code: str) -> bool:
        return (scope, code) in self.administered


LEGAL = Somebody("PC-1", confirms_law=True)


def confirm(
    row: Parameter,
    *,
    document: str = "Công báo số 1",
    officer: Somebody = LEGAL,
    request_id: UUID | None = None,
) -> Parameter:
    return confirm_parameter(
        row, document=document, officer=officer, at=NOON, request_id=request_id or new_id()
    )
