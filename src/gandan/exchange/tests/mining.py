"""The process-mining tool that reads our exports back (r4pm), behind two questions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import r4pm

PROJECTION = "process_mining::core::event_data::case_centric::utils::activity_projection"
DISCOVERY = "process_mining::discovery::case_centric::dfg::discover_dfg"


@dataclass(frozen=True, slots=True)
class ReadXes:
    """What the tool found in an XES log."""

    cases: int
    variants: int
    activities: dict[str, int]


def ask(binding: str, **arguments: str) -> object:
    return json.loads(r4pm.call_binding(binding, json.dumps(arguments)))


def read_xes(path: Path) -> ReadXes:
    log = r4pm.import_item("EventLog", str(path))
    projection = str(ask(f"{PROJECTION}::log_to_activity_projection", log=log))
    graph = ask(DISCOVERY, event_log=log)
    assert isinstance(graph, dict)
    return ReadXes(
        cases=int(str(ask(f"{PROJECTION}::get_num_cases", projection=projection))),
        variants=int(str(ask(f"{PROJECTION}::get_num_variants", projection=projection))),
        activities=graph["activities"],
    )


def read_ocel(path: Path) -> dict[str, dict[str, int]]:
    """How many events and objects of each type the tool found."""
    log = r4pm.import_item("SlimLinkedOCEL", str(path))
    found = ask("process_mining::bindings::ocel_type_stats", ocel=log)
    assert isinstance(found, dict)
    return {
        "events": {name: number for name, number in found["event_type_counts"].items() if number},
        "objects": {name: number for name, number in found["object_type_counts"].items() if number},
    }
