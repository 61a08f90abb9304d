"""What is known of the invented neighbourhoods: community pages and what they passed on, partners, languages, what was asked
for and what was done, so that a profile has something to show."""

from datetime import date, timedelta

from sqlmodel import Session, col, select

from scheduler.demo.force import FORCE, POPULATION_SOURCE, POPULATION_YEAR, Staff
from social.asked_and_done import AskedInput, DoneInput, close_asked, put_asked, put_done
from social.clock import as_local
from social.community_pages import PageInput, ShareInput, note_share, put_page
from social.context import Context
from social.operators import KEEPER, acting
from social.partners import LanguageInput, PartnerInput, put_partner, set_language
from social.people import set_areas
from social.places import list_places
from social.publications import Publication
from social.staff import Role, find_or_add_person

HOST = "https://pages.woldershire.example"
MINUTES = f"{HOST}/minutes"
READER_OF = "Copperbeck"
"""The area of the reader, who lands on it."""

PAGES: dict[str, tuple[tuple[str, str, int | None], ...]] = {
    "Copperbeck": (("Copperbeck Community Chat", "facebook", 4120), ("Beck Allotments", "facebook", 310)),
    "Marlpit End": (("Marlpit End Noticeboard", "facebook", 2680), ("Marlpit Tenants", "nextdoor", None)),
    "Oakenford Town": (("Oakenford Spotted and Safe", "facebook", 9350), ("Oakenford Traders", "instagram", 1240)),
    "Larkfield Rise": (("Larkfield Parents", "whatsapp", 180),),
    "Stonemere": (("Stonemere Village Hub", "facebook", 3900),),
    "Hexley Moor": (("Hexley Moor Farm Watch", "facebook", 760),),
    "Elderwick": (("Elderwick and District News", "web", None),),
}
"""Area -> name, where, followers."""
PARTNERS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "Copperbeck": (("Copperbeck Parish Council", "council", "Monthly meeting; lamps, litter and the recreation ground."),
                   ("Beck Lane Primary School", "school", "Crossing patrol and a visit each term.")),
    "Marlpit End": (("Marlpit Housing Association", "housing", "Joint visits about antisocial behaviour."),),
    "Oakenford Town": (("Oakenford Traders", "business", "Shop watch radio and a weekly round."),
                       ("St Wulfram's Pantry", "charity", "Drop-in on the first Tuesday.")),
    "Stonemere": (("Stonemere Speedwatch", "watch", "Speed checks on the hill."),),
    "Hexley Moor": (("Moor Farmers' Group", "watch", "Quad bikes, gates and sheep."),),
}  # fmt: skip
LANGUAGES: dict[str, tuple[tuple[str, float], ...]] = {
    FORCE: (("en", 0.943), ("pl", 0.018), ("ro", 0.007)),
    "Oakenford Town": (("en", 0.881), ("pl", 0.042), ("ur", 0.021), ("ro", 0.019)),
    "Copperbeck": (("en", 0.962), ("pl", 0.014)),
}
ASKED: dict[str, tuple[tuple[int, str, str, tuple[tuple[int, str], ...], bool], ...]] = {
    "Copperbeck": (
        (70, "meeting", "Slower traffic past the school at the start and end of the day.",
         ((58, "A speed check on six mornings; 214 drivers were above 30 and were written to."),
          (31, "The council put up a sign that shows drivers their speed.")), False),
        (9, "survey", "Somebody to look at the dark path by the recreation ground.", (), False),
    ),
    "Marlpit End": (
        (48, "replies", "An end to the late noise in the car park behind the shops.",
         ((37, "The housing association changed the gate's hours; patrols at closing time for three weeks."),), True),
    ),
    "Oakenford Town": (
        (40, "partner", "A word with those who take goods from the market stalls.",
         ((22, "Plain-clothes patrol on two market days. Nobody was found taking anything."),), False),
    ),
    "Hexley Moor": (
        (63, "survey", "Quad bikes off the moor.", ((44, "Joint patrol with the farmers' group; four bikes turned back."),), False),
    ),
}  # fmt: skip
"""Area -> days ago, how it came to be known, the request, what was done (days ago, words), and whether that is the end."""


def fill_profiles(context: Context, staff: Staff, survey: int) -> None:
    """Write it all down as whoever looks after profiles.  survey: the number of one that may be pointed at."""
    with context.database.write() as session:
        places = {place.name: place.id or 0 for place in list_places(session)}
        reader = find_or_add_person(session, "priya.holt@woldershire.example", Role.READER)
    today, who = as_local(context.clock.now()).date(), staff.corporate
    for area, shares in LANGUAGES.items():
        for lang, share in shares:
            set_language(context, who, LanguageInput(places[area], lang, share, POPULATION_YEAR, POPULATION_SOURCE))
    partners = {
        area: [put_partner(context, who, PartnerInput(places[area], kind, name, about)) for name, kind, about in known]
        for area, known in PARTNERS.items()
    }
    for area, known in PAGES.items():
        numbers = [
            put_page(context, who, PageInput(places[area], channel, name, f"{HOST}/{name.lower().replace(' ', '-')}",
                                             followers, today if followers else None))
            for name, channel, followers in known
        ]  # fmt: skip
        _pass_on(context, staff, places[area], numbers)
    for area in ASKED:
        _ask(context, staff, places[area], area, next(iter(partners.get(area, ())), None), survey, today)
    set_areas(context, acting(context, KEEPER), reader.id or 0, [places[READER_OF]])


def _pass_on(context: Context, staff: Staff, place_id: int, pages: list[int]) -> None:
    """Each page passed two of the area's posts on, on the day they went out."""
    with context.database.read() as session:
        posts = _posts(session, place_id)
    for turn, page in enumerate(pages):
        for post in posts[turn : turn + 2]:
            on = as_local(post.published_at).date()
            note_share(context, staff.first, ShareInput(page, post.id or 0, on))


def _posts(session: Session, place_id: int) -> list[Publication]:
    query = select(Publication).where(Publication.place_id == place_id, Publication.content_type != "appeal_missing")
    return list(session.exec(query.order_by(col(Publication.published_at).desc()).limit(4)))


def _ask(
    context: Context, staff: Staff, place_id: int, area: str, partner: int | None, survey: int, today: date
) -> None:
    for days, by, text, acts, over in ASKED[area]:
        given = AskedInput(place_id, today - timedelta(days), by, text, survey_id=survey if by == "survey" else None)
        number = put_asked(context, staff.first, given)
        for ago, what in acts:
            put_done(context, staff.first, DoneInput(number, today - timedelta(ago), what, partner, link=MINUTES))
        if over:
            close_asked(context, staff.first, number, version=1)
