"""A council's colours: read, checked for contrast, and written as custom properties. Pure.

The limits are those of WCAG 2.2 level AA: 4.5 to 1 for text (success criterion 1.4.3), 3 to 1 for what must be seen
but is not text (1.4.11). A brand that fails them is refused when it is loaded, so no page can show it.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property

TEXT_CONTRAST = 4.5
GRAPHIC_CONTRAST = 3.0

_HEX = re.compile(r"#[0-9a-f]{6}")
_WHITE = "#ffffff"
# The palest surface that links stand on (the footer); what passes on it passes on white as well.
_SURFACE = "#f3f2f1"


class BrandInvalid(ValueError):
    """A brand that must not be shown; ``problems`` says what to change, one sentence each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        """Keep the sentences, and join them as the message."""
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Brand:
    """Colours as ``#rrggbb``. The defaults are Parley's own, for hosts that belong to no council.

    ``masthead`` is the band with the owner's name, ``masthead_text`` the words on it, ``accent`` the stripe under it
    (ornament only), ``link`` and ``link_hover`` the links in the page.
    """

    masthead: str = "#1b3a57"
    masthead_text: str = _WHITE
    accent: str = "#ffcf40"
    link: str = "#1a5a96"
    link_hover: str = "#0f385c"

    @classmethod
    def of(cls, colours: Mapping[str, object]) -> "Brand":
        """Make a brand from a mapping such as a table of ``council.toml``; what is absent keeps its default.

        Raise BrandInvalid for unknown keys, for values that are not ``#rrggbb``, and for too little contrast.
        """
        known = {field.name for field in fields(cls)}
        problems = [f"{key} is not a colour of a brand." for key in colours if key not in known]
        chosen = {}
        for key in sorted(known & colours.keys()):
            value = str(colours[key]).lower()
            if _HEX.fullmatch(value):
                chosen[key] = value
            else:
                problems.append(f"{key} must be a colour such as #1b3a57, not {colours[key]!r}.")
        if problems:
            raise BrandInvalid(tuple(problems))
        brand = cls(**chosen)
        if found := contrast_problems(brand):
            raise BrandInvalid(found)
        return brand

    @cached_property
    def style_sheet(self) -> str:
        """Return the custom properties that paint Parley's pages in these colours."""
        return (
            ":root{"
            f"--parley-masthead:{self.masthead};"
            f"--parley-masthead-text:{self.masthead_text};"
            f"--parley-accent:{self.accent};"
            f"--govuk-brand-colour:{self.masthead};"
            f"--govuk-link-colour:{self.link};"
            f"--govuk-link-hover-colour:{self.link_hover}"
            "}"
        )

    @cached_property
    def digest(self) -> str:
        """Return twelve hexadecimal digits that change whenever the style sheet does."""
        return hashlib.sha256(self.style_sheet.encode()).hexdigest()[:12]


def luminance(colour: str) -> float:
    """Return the relative luminance (0 black to 1 white) of ``#rrggbb``, as WCAG 2.2 defines it."""

    def linear(channel: int) -> float:
        part = channel / 255
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(int(colour[start : start + 2], 16)) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def contrast_problems(brand: Brand) -> tuple[str, ...]:
    """Return one sentence for each pair of colours that people could not tell apart well enough."""
    pairs = (
        ("masthead_text on masthead", brand.masthead_text, brand.masthead, TEXT_CONTRAST),
        ("masthead on white", brand.masthead, _WHITE, GRAPHIC_CONTRAST),
        ("link on the page", brand.link, _SURFACE, TEXT_CONTRAST),
        ("link_hover on the page", brand.link_hover, _SURFACE, TEXT_CONTRAST),
    )
    return tuple(
        f"{what} has a contrast of {contrast(front, back):.1f} to 1 and needs {needed:g} to 1 ({front} on {back})."
        for what, front, back, needed in pairs
        if contrast(front, back) < needed
    )
