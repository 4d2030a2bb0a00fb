"""What people call the browser that they signed in with. Pure."""

_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"))
_LATER_SYSTEMS = (("CrOS", "Chromebook"), ("Mac OS X", "Mac"), ("Linux", "Linux"))
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"))
_LATER_BROWSERS = (("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


def device_name(user_agent: str | None) -> str:
    """Return what a person calls the browser that signed in: "Chrome on Android". Order matters: many name others."""
    text = user_agent or ""
    browser = next((name for mark, name in _BROWSERS + _LATER_BROWSERS if mark in text), "A browser")
    system = next((name for mark, name in _SYSTEMS + _LATER_SYSTEMS if mark in text), "")
    return f"{browser} on {system}" if system else browser
