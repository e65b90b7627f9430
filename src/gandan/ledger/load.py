"""The second door, for load alone: whole histories computed elsewhere are put behind the heads of their chains.

Everything else goes through `gandan.ledger.actions.act`. The caller holds one transaction from `hold_heads` to
`move_heads`, and writes every event between the two heads itself; `verify` tells whether it did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gandan.ledger.models import ChainHead

Heads = dict[str, tuple[int, str]]


def hold_heads(chains: Iterable[str]) -> Heads:
    """Number and hash of the last event of each chain, locked until the transaction ends."""
    wanted = sorted(set(chains))
    ChainHead.objects.bulk_create([ChainHead(chain=chain) for chain in wanted], ignore_conflicts=True)
    held = ChainHead.objects.select_for_update().filter(pk__in=wanted).order_by("chain")
    return {head.chain: (head.seq, head.hash) for head in held}


def move_heads(heads: Mapping[str, tuple[int, str]]) -> None:
    """The chains now end with these events."""
    for chain, (seq, hash_) in sorted(heads.items()):
        ChainHead.objects.filter(pk=chain).update(seq=seq, hash=hash_)
