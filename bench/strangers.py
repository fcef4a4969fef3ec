"""How long a signed-in person waits while strangers keep what the app can open.

The real app, which may open 1,024 files, on the demo. A person clicks on the profitability page and
downloads the records, alone and while one machine without an account holds 1,100 half requests and
asks for 300 windows. Medians of 15, and their ratio.

    python -m bench.strangers
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.support.servers.live_app import VERA, running
from tests.support.servers.prepared import SCENARIO_TODAY
from tests.support.servers.strangers import close_all, half_request, open_windows, usual_times
from tests.support.servers.window import opened


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as home,
        running(Path(home), SCENARIO_TODAY, descriptors=1024) as app,
    ):
        secret = app.open_session(VERA)
        with opened(app, secret) as person:
            usual_times(app, person, secret)
            alone = usual_times(app, person, secret)
            halves = [half_request(app) for _ in range(1100)]
            windows = open_windows(app, 300)
            beside = usual_times(app, person, secret)
            print("| | alone | beside strangers | ratio |")
            print("| --- | ---: | ---: | ---: |")
            for name, before, during in zip(("a click", "a download"), alone, beside, strict=True):
                print(
                    f"| {name} | {before * 1000:.0f} ms | {during * 1000:.0f} ms "
                    f"| {during / before:.2f} |"
                )
            close_all(windows)
            for half in halves:
                half.close()


if __name__ == "__main__":
    main()
