"""What open data says of the invented neighbourhoods, taken in as a force does it: boundaries, priorities (two of them older
than 90 days), events and officers to contact. And what the force means to post about."""

from dataclasses import replace

from scheduler.demo.force import FORCE, Staff
from social.content_targets import LIGHT, set_target
from social.context import Context
from social.police_data import PoliceData
from social.police_data_import import Wanted, read_areas, take_in
from social.police_data_matching import offers_for
from social.police_data_shapes import Named
from social.practice.network import PracticeNetwork
from social.practice.police_data import FORCE as FORCE_ID
from social.practice.police_data import PoliceData as Practice

TARGETS = {LIGHT: (0.10, 0.25), "crime_prevention": (0.10, 0.30), "you_said_we_did": (0.05, 0.20)}
"""Kind of post -> least and largest share."""


def take_in_areas(context: Context, network: PracticeNetwork, staff: Staff) -> None:
    """As the page Areas does it, but that the practice network is asked in this process: over the line its limit of
    fifteen requests a second would cost seconds."""
    settings = replace(context.settings, police_data_address=practice_address(network.base_url))
    data = PoliceData(settings, context.clock, ask=Practice(network.world).told)
    top_id, offers = offers_for(context, data, Named(FORCE_ID, FORCE))
    assert top_id is not None, "the demo's map is there before its open data"
    chosen = {one.key: one.place_id for one in offers if one.place_id is not None}
    read = read_areas(data, FORCE_ID, list(chosen))
    take_in(context, staff.corporate, Wanted(FORCE_ID, FORCE, chosen, top_id, None, read), as_of=data.as_of)
    for kind, (least, most) in TARGETS.items():
        set_target(context, staff.corporate, top_id, kind, least, most)


def practice_address(base_url: str) -> str:
    """Where the practice network speaks as data.police.uk does."""
    return f"{base_url}/api"
