"""Requests written byte by byte, as no browser and no library would send them."""

from __future__ import annotations

import socket

UPGRADE = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol: streamlit",
)


def ask(port: int, request: str, *headers: str) -> tuple[int, str]:
    """Send the request line and the headers, none added; return the status and the rest.

    Status 0 means that the server closed the connection without an answer.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall("\r\n".join([request, *headers, "", ""]).encode("latin-1"))
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = connection.recv(65_536)
            if not part:
                break
            answer += part
    head = answer.decode("latin-1")
    return (int(head.split(" ", 2)[1]), head) if head else (0, "")
