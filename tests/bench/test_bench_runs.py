"""`make bench` works from end to end; how fast anything is, no test says."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUN_SECONDS = 180


def test_quick_run_measures_every_figure() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=RUN_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["figures"]
    assert len(rows) == 17
    assert all(value > 0 for row in rows for value in (*row["ours"], *row["floor"], *row["ratios"])), done.stdout
