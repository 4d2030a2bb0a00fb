"""Where a provider sends a family is in its message: by name, and how to reach it."""

from parley.casework.domain import Viewer
from parley.casework.timeline import Happening, signposted_to
from support.family import served_council
from support.post_office import PARENT, PostOffice


def test_the_message_names_each_place_and_how_to_reach_it(post: PostOffice) -> None:
    council = served_council(post.make)
    case = post.make.case(council.authority, provider=council.provider, policy_version_id=council.policy_version_id)
    post.happen(
        case, Happening.SIGNPOSTED, by=Viewer.PROVIDER, to_1="mediation_and_appeals", to_2="sendiass", to_3="never-was"
    )
    with post.open():
        post.run_due()
    (message,) = post.inbox(PARENT)
    places = [line for line in message.text.splitlines() if line.startswith("- ")]
    assert len(places) == 2
    assert "SENDIASS" in places[1]
    assert any(character.isdigit() for character in places[1]) or "http" in places[1]
    assert "never-was" not in message.text


def test_places_keep_the_order_in_which_they_were_chosen_beyond_ten() -> None:
    codes = {f"to_{number}": f"place-{number}" for number in (10, 2, 1)}
    assert signposted_to({**codes, "party": "family"}) == ["place-1", "place-2", "place-10"]
