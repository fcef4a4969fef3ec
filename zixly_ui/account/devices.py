"""A browser in words: `Firefox on Windows`, from what it says of itself.

Browsers say little and not always the truth: an iPad calls itself a Mac, and many small ones call
themselves Chrome. So a name is given only where it is said, and no version.
"""

from __future__ import annotations

# In this order: most browsers also name those they want to be taken for.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Opera", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "a Chromebook"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
)
_OPERATOR = "Command line of whoever runs Zixly"
_UNKNOWN = "Unknown browser"


def device(user_agent: str | None, kind: str = "BROWSER") -> str:
    """What a session was opened with, in words; `kind` as the session has it."""
    if kind != "BROWSER":
        return _OPERATOR
    text = user_agent or ""
    browser = _first(_BROWSERS, text)
    system = _first(_SYSTEMS, text)
    if browser and system:
        return f"{browser} on {system}"
    return browser or (f"{_UNKNOWN} on {system}" if system else _UNKNOWN)


def _first(names: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((name for sign, name in names if sign in text), None)
