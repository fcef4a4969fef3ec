"""`python -m zixly_data` as its users meet it: in a process and a data folder of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
REPORT = ["report", "profitability", "--from", "2024-01-01", "--to", "2024-03-31"]
Q1_2024 = """\
client_id,client_name,currency,revenue,expenses,profit,margin
HBC-2024-001,Harbor Bridge Construction,AUD,45000.00,24000.00,21000.00,0.4667
SLF-2024-003,Sydney Law Firm,AUD,25000.00,12000.00,13000.00,0.5200
BES-2024-002,Bondi E-commerce Store,AUD,24000.00,12000.00,12000.00,0.5000
"""
PASSWORD = re.compile(r"[a-z]{4}(-[a-z]{4}){4}")


class CommandLine:
    """`python -m zixly_data` on a data folder of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        bare = {k: v for k, v in os.environ.items() if not k.startswith("DATABASE_")}
        return subprocess.run(
            [sys.executable, "-m", "zixly_data", *arguments],
            cwd=ROOT, env={**bare, "ZIXLY_HOME": str(self.home), "COLUMNS": "100", **environment},
            capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
