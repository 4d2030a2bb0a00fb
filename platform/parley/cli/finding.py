"""What ``parley doctor`` says of one part."""

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found about one part. ``next_step`` is empty when all is well."""

    part: str
    found: str
    next_step: str = ""

    @property
    def ok(self) -> bool:
        """Tell whether nothing needs to be done."""
        return not self.next_step
