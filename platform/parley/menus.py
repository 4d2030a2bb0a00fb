"""What the header of each audience's pages offers."""

from parley.access.domain import Permission
from parley.web.frames import Menu, Surroundings
from parley.web.shell import Link

MENUS: dict[Surroundings, Menu] = {
    Surroundings.FRONT: Menu(),
    Surroundings.FAMILY: Menu(
        links=(
            Link(text="Can this help me?", href="/check", section=True),
            Link(text="Your requests", href="/requests", section=True),
            Link(text="The council’s rules", href="/rules", section=True),
        ),
        sign_in=Link(text="Sign in", href="/sign-in"),
    ),
    Surroundings.COUNCIL_STAFF: Menu(
        home="/council",
        links=(
            Link(text="Cases", href="/council/cases", section=True, needs=Permission.CASE_READ_OPEN),
            Link(text="Find a case", href="/council/search", needs=Permission.CASE_READ_OPEN),
            Link(text="Rules", href="/council/rules", needs=Permission.CASE_READ_OPEN),
            Link(text="Figures", href="/council/figures", section=True, needs=Permission.MEASURES_READ),
            Link(text="Without a provider", href="/council/placing", section=True, needs=Permission.CASE_PLACE),
            Link(text="Contracts", href="/council/contracts", section=True, needs=Permission.MEASURES_READ),
            Link(text="Records", href="/council/records", section=True, needs=Permission.RETENTION_READ),
            Link(text="Region", href="/council/region", section=True, needs=Permission.REGION_MEASURES_READ),
        ),
        wide=True,
    ),
    Surroundings.INVITED: Menu(home="/invited"),
    Surroundings.PROVIDER: Menu(
        links=(
            Link(text="Cases", href="/"),
            Link(text="To tell people", href="/tasks"),
            Link(text="Enter a caller’s request", href="/enter", section=True, needs=Permission.CASE_ENTER),
            Link(text="Mediators", href="/mediators", section=True, needs=Permission.WORKLIST_READ),
            Link(text="Passed on", href="/passed-on", section=True, needs=Permission.WORKLIST_READ),
            Link(text="What is late", href="/late", section=True, needs=Permission.PROVIDER_ADMINISTER),
            Link(text="People", href="/people", section=True, needs=Permission.MEMBERS_ADMINISTER),
            Link(text="Concerns", href="/concerns", section=True, needs=Permission.CONCERN_READ),
        ),
        sign_in=Link(text="Sign in", href="/sign-in"),
        wide=True,
    ),
    Surroundings.OPERATOR: Menu(sign_in=Link(text="Sign in", href="/sign-in"), wide=True),
}
