"""The nginx of `docs/many-people.md`, as it stands there, in front of one process of the app.

Replaced are what an operator replaces: the name, the certificate, and the addresses.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.servers import reverse_proxy

DOCUMENT = Path(__file__).parents[3] / "docs" / "many-people.md"
IS_INSTALLED = shutil.which("nginx") is not None
NAME = "localhost"


@contextmanager
def running(folder: Path, app_port: int) -> Iterator[int]:
    """Run it until the end of the block; the value is its port, with a self-signed certificate."""
    port = _free_port()
    reverse_proxy.certificate(folder)
    file = folder / "nginx.conf"
    file.write_text(configuration(folder, app_port, port))
    nginx = ["nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(file)]
    subprocess.run([*nginx, "-t"], check=True, capture_output=True, text=True)
    process = subprocess.Popen([*nginx, "-g", "daemon off;"])
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def configuration(folder: Path, app_port: int, port: int) -> str:
    """The documented file inside the least that nginx needs around it."""
    (site,) = re.findall(r"^```nginx\n(.*?)^```", DOCUMENT.read_text("utf-8"), re.M | re.S)
    for old, new in (
        (r"listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        (r"server 127.0.0.1:8501;\n.*8502;", f"server 127.0.0.1:{app_port};"),
        (r"zixly\.example\.com", NAME),
        (r"# ssl_certificate .*", f"ssl_certificate {reverse_proxy.FILE};"
                                  f" ssl_certificate_key {reverse_proxy.FILE};"),
    ):  # fmt: skip
        site, number = re.subn(old, new, site)
        assert number >= 1, old
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    return (
        f"user root; worker_processes 1; worker_rlimit_nofile 10000; pid {folder}/nginx.pid;\n"
        "events { worker_connections 4096; }\n"
        f"http {{\naccess_log off;\n{folders}{site}}}\n"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
