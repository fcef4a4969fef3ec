"""What loading a page takes in Chromium: bytes on the wire, requests, largest paint, layout shift.

Bytes are the answers' heads and bodies as they came over the connection, and the contents of the
frames of WebSockets in both directions. What the browser takes from its cache counts nothing.
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

# Run before the page's own scripts: entries of paints and shifts, from the first one on.
_OBSERVE = """
window.zixlyPaint = 0; window.zixlyShift = 0; window.zixlyShifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.zixlyPaint = entry.startTime
}).observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) {
    window.zixlyShift += entry.value;
    window.zixlyShifts.push([Math.round(entry.startTime), entry.value, entry.sources.map(source =>
      (source.node?.dataset?.testid || source.node?.className || source.node?.nodeName)
      + ' "' + (source.node?.textContent || '').slice(0, 40) + '" '
      + Math.round(source.previousRect.y) + '+' + Math.round(source.previousRect.height) + ' -> '
      + Math.round(source.currentRect.y) + '+' + Math.round(source.currentRect.height))])
  }
}).observe({type: 'layout-shift', buffered: true});
"""
# Everything that a page waits for: its last element, placeholders, charts and tables.
_IS_DRAWN = """() => document.querySelector('.st-key-sign-out')
  && !document.querySelector('[data-testid=stSkeleton], [data-testid=stStatusWidget]')
  && [...document.querySelectorAll('[data-testid=stPlotlyChart]')].every(
    chart => chart.querySelector('.main-svg'))
  && [...document.querySelectorAll('[data-testid=stDataFrame]')].every(
    table => table.querySelector('canvas'))"""
QUIET = 1500
"""Milliseconds without a request or a frame after which a page is complete."""


@dataclass
class PageLoad:
    """Bytes on the wire by address and in `frames` of WebSockets, and what the browser observed.

    `paint` is the time of the largest contentful paint in milliseconds, `shift` the sum of all
    layout shifts, `shifts` each of them with the elements that moved.
    """

    size_by_address: dict[str, int] = field(default_factory=dict)
    frames: int = 0
    paint: float = 0
    shift: float = 0
    shifts: list[Any] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(self.size_by_address.values()) + self.frames

    @property
    def requests(self) -> int:
        return len(self.size_by_address)


def load(page: Page, url: str) -> PageLoad:
    """Open the address on an empty page and return what loading it took, until it stands still."""
    measured = PageLoad()
    addresses: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def begin(event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            addresses[event["requestId"]] = event["request"]["url"]

    def end(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = event.get("encodedDataLength", 0)

    def count_frame(event: dict[str, Any]) -> None:
        frame = event["response"]
        text = frame["payloadData"]
        content = text.encode() if frame["opcode"] == 1 else b64decode(text)
        measured.frames += len(content)

    devtools = page.context.new_cdp_session(page)
    devtools.on("Network.requestWillBeSent", begin)
    devtools.on("Network.loadingFinished", end)
    devtools.on("Network.loadingFailed", end)
    devtools.on("Network.webSocketFrameReceived", count_frame)
    devtools.on("Network.webSocketFrameSent", count_frame)
    devtools.send("Network.enable")
    page.add_init_script(_OBSERVE)
    page.goto(url)
    state: object = None
    while state != (state := (len(addresses), measured.frames)) or addresses.keys() - sizes.keys():
        page.wait_for_function(_IS_DRAWN)
        page.wait_for_timeout(QUIET)
    measured.paint, measured.shift, measured.shifts = page.evaluate(
        "[zixlyPaint, zixlyShift, zixlyShifts]"
    )
    devtools.detach()
    for number, address in addresses.items():
        size = measured.size_by_address.get(address, 0) + round(sizes[number])
        measured.size_by_address[address] = size
    return measured
