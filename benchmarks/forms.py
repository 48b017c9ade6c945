"""Whether TRL takes every row of a dataset as it is: its own check, on what ``datasets`` loads.

    python -m benchmarks.forms DIR

Prints a line for each form; the exit code is 1 where a row is not of its form. Needs the extra
[train].
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Of TRL's types of datasets: the columns, and who speaks last in each.
FORMS = {
    "sft": {"messages": "assistant"},
    "repair": {"messages": "assistant"},
    "preference": {"prompt": "user", "chosen": "assistant", "rejected": "assistant"},
    "verdicts": {"prompt": "user", "completion": "assistant"},
    "reward": {"prompt": "user"},
}


def check_forms(folder: Path) -> Iterator[tuple[str, bool]]:
    """Yield a line on each form of a dataset, and whether all its rows are of it."""
    from datasets import concatenate_datasets, load_dataset
    from trl.data_utils import is_conversational

    for name, columns in FORMS.items():
        rows = concatenate_datasets(list(load_dataset(str(folder), name).values()))
        faults = sum(not is_conversational(row) or not _fits(row, columns) for row in rows)
        has_labels = name != "verdicts" or all(isinstance(row["label"], bool) for row in rows)
        said = f"{name}: {len(rows)} rows, {faults} that TRL does not take"
        yield said, not faults and has_labels and len(rows) > 0


def _fits(row: dict[str, Any], columns: dict[str, str]) -> bool:
    return all(
        row[column]
        and row[column][-1]["role"] == last
        and all({"role", "content"} <= message.keys() for message in row[column])
        for column, last in columns.items()
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    checks = list(check_forms(parser.parse_args().folder))
    for said, is_met in checks:
        print("  " if is_met else "! ", said, sep="")
    return 0 if all(is_met for _, is_met in checks) else 1


if __name__ == "__main__":
    sys.exit(main())
