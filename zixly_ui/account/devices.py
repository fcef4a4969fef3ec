"""Names of browsers and systems from the user agent: `Firefox on Windows`.

User agents reveal little, and not always the truth: an iPad calls itself a Mac, and many small
browsers call themselves Chrome. The text names only what the user agent contains, without a
version.
"""

from __future__ import annotations

# The order matters: most user agents also name the browsers they are compatible with.
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
_UNKNOWN = "Unknown browser"


def device(user_agent: str | None) -> str:
    """Return the device that a session was opened with."""
    text = user_agent or ""
    browser = _first(_BROWSERS, text)
    system = _first(_SYSTEMS, text)
    if browser and system:
        return f"{browser} on {system}"
    return browser or (f"{_UNKNOWN} on {system}" if system else _UNKNOWN)


def _first(names: tuple[tuple[str, str], ...], text: str) -> str | None:
    """Return the first name whose sign occurs in the text, or None."""
    return next((name for sign, name in names if sign in text), None)
