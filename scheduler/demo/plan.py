"""What the fictional force planned for the week just gone and the week to come.

Each line is one post as a digital PCSO would write it; all people, places, references and events are invented."""

from dataclasses import dataclass
from datetime import time

LINE = (
    "To report a crime call 101 or use our website. In an emergency always call 999. "
    "Crimestoppers is anonymous on 0800 555 111."
)
X_LINE = "101, 999 in an emergency, Crimestoppers 0800 555 111."


@dataclass(frozen=True)
class Planned:
    """One post of the demo.

    day: whole days from today, negative for the week just gone.  at: local time.  channels: x, facebook or both.
    x_text: the version for X where the text is too long for it.  picture: alt text of a picture, None without one.
    approved False leaves it waiting.  subject, topic, urgent: of an alert, which goes to its place.

    One road closure is there twice in the same words: X takes no text twice, so the demo shows a refusal."""

    day: int
    at: time
    content_type: str
    place: str
    text: str
    channels: tuple[str, ...] = ("facebook",)
    x_text: str | None = None
    picture: str | None = None
    appeal_ref: str | None = None
    campaign: str | None = None
    case_stage: str = "none"
    approved: bool = True
    subject: str = ""
    topic: str = ""
    urgent: bool = False


BOTH = ("facebook", "x")

WEEK: tuple[Planned, ...] = (
    Planned(-7, time(8, 15), "lighthearted", "Nether Skelby",
            "Overnight incident log, Nether Skelby: one goat, found on the roof of the bus shelter. It declined to give a name, refused to come down for the sergeant, and surrendered to a child with a digestive biscuit. #NetherSkelby",
            channels=BOTH, x_text="Overnight at Nether Skelby: one goat on the bus shelter roof. Refused to come down for the sergeant, surrendered to a child with a digestive biscuit. #NetherSkelby",
            picture="A brown goat stands on the flat roof of a village bus shelter."),
    Planned(-7, time(12, 0), "appeal_cctv", "Copperbeck",
            f"Were you near Weavers Court in Copperbeck between 1am and 4am on Sunday? Four garages were broken into and tools and two bikes were taken. If you have doorbell or dashcam footage, please reply or call 101 quoting WD-3101. {LINE} #Copperbeck",
            channels=BOTH, x_text=f"APPEAL: garages broken into at Weavers Court, Copperbeck, 1am to 4am Sunday. Doorbell or dashcam footage? Quote WD-3101. {X_LINE}",
            appeal_ref="WD-3101"),
    Planned(-7, time(17, 30), "patrol_update", "Thornleigh Vale",
            "You told us about off-road bikes on the Larch Avenue field. We have been out there on three evenings this week, two bikes were warned and one was seized. We will be back at the weekend. #ThornleighVale"),
    Planned(-6, time(9, 0), "event", "Oakenford Town",
            "Come and see us on the precinct in Oakenford on Wednesday, 10am to 12pm. Free purse bells and property marking, and a chat about anything that is on your mind. No ticket, no appointment. #OakenfordTown",
            channels=BOTH),
    Planned(-6, time(13, 0), "crime_prevention", "Larkfield Rise",
            f"Two cars with keyless entry were taken from Beck Lane this week. Keep keys away from the front door, in a signal-blocking pouch if you can, and fit a steering lock. {LINE} #LarkfieldRise"),
    Planned(-6, time(18, 0), "lighthearted", "Elderwick",
            "Our PCSO was asked today whether the police helicopter can find a lost cat. It cannot. Our PCSO can, it turns out: behind the freezer at the village shop, fast asleep on the crisps. #Elderwick",
            channels=BOTH, picture="A tabby cat asleep on a box of crisp packets in a shop."),
    Planned(-5, time(7, 50), "road_info", "Woldershire",
            "ROAD CLOSED: Bell roundabout, both directions, after a lorry shed its load. Please find another route. We will say when it reopens.", channels=("x",)),
    Planned(-5, time(11, 0), "appeal_witness", "Hexley Moor",
            f"Did you see a silver estate car driven badly on the Hexley Moor road at about 5.15pm on Tuesday? A cyclist was knocked off and the car did not stop. The cyclist was not badly hurt. Dashcam is what we need most. Please quote WD-3118. {LINE}",
            channels=BOTH, x_text=f"APPEAL: cyclist knocked off on the Hexley Moor road, 5.15pm Tuesday. The silver estate did not stop. Dashcam? Quote WD-3118. {X_LINE}",
            appeal_ref="WD-3118"),
    Planned(-5, time(16, 0), "you_said_we_did", "Larkfield Rise",
            "You said: parking outside Beck Lane primary is dangerous. We did: six mornings at the gates with the council, 18 warnings and 4 tickets. Pupils made the new banners. #YouSaidWeDid #LarkfieldRise",
            picture="A hand-painted banner on school railings asks drivers to park further away."),
    Planned(-5, time(17, 15), "crime_prevention", "Larkfield Rise",
            f"Two cars with keyless entry were taken from Beck Lane this week. Please keep keys away from the front door and use a steering lock if you have one. If a camera of yours covers Beck Lane, answer this message. {LINE}",
            channels=("alert",), subject="Keyless cars taken from Beck Lane", topic="burglary"),
    Planned(-4, time(8, 30), "team_intro", "Stonemere",
            "Say hello to the newest PCSO on the Stonemere team: former lifeguard, keen baker, no fan of geese. You will meet them on foot around the market from Monday. #Stonemere",
            picture="A PCSO in uniform waves outside Stonemere market hall."),
    Planned(-4, time(12, 30), "lighthearted", "Oakenford Town",
            "A man in Oakenford rang to report a suspicious person looking in at his window for an hour. Officers attended and can confirm that the snowman in the garden opposite has been spoken to. #OakenfordTown",
            channels=BOTH),
    Planned(-4, time(19, 0), "patrol_update", "Oakenford Town",
            "Friday night in Oakenford. We are in the town centre with the street pastors and the welfare van until 3am. Look after your mates. Emergency 999. #OakenfordTown", channels=("x",)),
    Planned(-3, time(10, 0), "appeal_cctv", "Marlpit End",
            f"Tools were taken from three vans on Quarry Lane and Kiln Street, Marlpit End, between 11pm on Thursday and 5am on Friday. If you have a camera that covers the road, please look and tell us, quoting WD-3126. {LINE} #MarlpitEnd #VanTheft",
            channels=BOTH, x_text=f"APPEAL: vans broken into on Quarry Lane and Kiln Street, Marlpit End, 11pm Thursday to 5am Friday. Camera on the road? Quote WD-3126. {X_LINE}",
            appeal_ref="WD-3126", campaign="tools_in_tonight"),
    Planned(-3, time(14, 0), "rural", "Nether Skelby",
            f"A quad bike was taken from a farm near Nether Skelby overnight. Please lock yours away and note its serial number, and tell us about anything that looks out of place on the lanes. {LINE} #RuralCrime",
            appeal_ref="WD-3129"),
    Planned(-3, time(18, 30), "road_info", "Woldershire",
            "ROAD CLOSED: Bell roundabout, both directions, after a lorry shed its load. Please find another route. We will say when it reopens.", channels=("x",)),
    Planned(-3, time(20, 40), "road_info", "Oakenford Town",
            "Gas leak on Market Street, Oakenford. Please stay away until we say that it is safe. If you live there and smell gas, leave now, touch no switch and call 0800 111 999.",
            channels=("alert",), subject="Gas leak, Market Street", topic="roads", urgent=True),
    Planned(-2, time(9, 30), "court_result", "Copperbeck",
            "A man who broke into five homes in Copperbeck last winter has been sent to prison for two years and ten months. Thank you to the residents who sent us doorbell footage: it made the difference. #Copperbeck",
            channels=BOTH, case_stage="sentenced"),
    Planned(-2, time(13, 15), "survey", "Marlpit End",
            "What should your neighbourhood team work on next? Tell us here or at the community centre on Thursday. Last time you said speeding and van theft: we will post what came of both. #MarlpitEnd",
            campaign="tools_in_tonight"),
    Planned(-2, time(17, 45), "lighthearted", "Larkfield Rise",
            "Caught in the act: this prickly character was found tangled in a goal net on Larkfield rec. Released without charge after a drink of water. Please lift your nets at night. #LarkfieldRise",
            channels=BOTH, picture="A hedgehog in gloved hands beside a football net."),
    Planned(-1, time(11, 45), "crime_prevention", "Stonemere",
            f"Scam warning: callers who say they are your bank and ask you to hand a card to a courier. Your bank never will. Put the phone down, wait, and ring 159. {LINE} #Stonemere",
            channels=BOTH, x_text="Scam warning: a caller who says they are your bank and asks you to hand your card to a courier is a thief. Put the phone down, wait, ring 159. #Stonemere"),
    Planned(-1, time(16, 30), "event", "Thornleigh Vale",
            "We are outside the shops on Thornleigh parade tomorrow until 4pm with the van: crime prevention kit, alert sign-ups and a chat. #ThornleighVale", channels=BOTH),
    Planned(0, time(8, 45), "patrol_update", "Larkfield Rise",
            "We are on foot around Beck Lane and the rec in Larkfield Rise today. Tell us what we should look at. #LarkfieldRise",
            channels=BOTH),
    Planned(0, time(19, 30), "crime_prevention", "Elderwick",
            f"Dark evenings make an empty house easy to spot. A lamp on a timer and a closed side gate put most burglars off. {LINE} #Elderwick"),
    Planned(1, time(10, 0), "event", "Copperbeck",
            "Free bike marking at Copperbeck community centre on Saturday, 10am to 1pm. Bring the bike and some proof that it is yours. Children with an adult, please. #Copperbeck", channels=BOTH, campaign="tools_in_tonight"),
    Planned(1, time(17, 30), "lighthearted", "Stonemere",
            "To whoever left a full roast dinner, still warm and wrapped in foil, on the bonnet of our patrol car in Stonemere: thank you. Forensics confirm excellent gravy. #Stonemere", channels=BOTH),
    Planned(2, time(9, 0), "business", "Oakenford Town",
            f"Business Watch: shops on Market Street have been losing spirits and fragrance to a group working in pairs. Please check your cameras for Monday evening and quote WD-3140. {LINE}",
            appeal_ref="WD-3140", approved=False),
    Planned(2, time(9, 15), "event", "Copperbeck",
            "Free bike marking at Copperbeck community centre on Saturday, 10am to 1pm. Bring the bike and some proof that it is yours.",
            channels=("alert",), subject="Free bike marking on Saturday", topic="prevention", campaign="tools_in_tonight"),
    Planned(2, time(18, 0), "patrol_update", "Elderwick",
            "Extra patrols are out around Chapel Walk and the river path in Elderwick until Sunday, after your reports of lights being smashed. Stop us and say hello. #Elderwick"),
    Planned(3, time(12, 0), "campaign", "Woldershire",
            "Planning a night out? Plan the way home before the first drink. We are stopping drivers at all hours through the month. See someone about to drive drunk? 999. #NoneForTheRoad",
            channels=BOTH, campaign="christmas_drink_drive", approved=False),
    Planned(4, time(8, 30), "youth", "Thornleigh Vale",
            "Year 4 at Thornleigh primary have designed our new road safety posters, and they do not hold back. See them on the railings from Monday. #ThornleighVale",
            picture="Children's paintings of zebra crossings pinned to railings.", approved=False),
    Planned(5, time(13, 0), "crime_prevention", "Hexley Moor",
            f"Parking at the reserve this weekend? Take the bag with you: three cars at Hexley Moor were broken into for what lay on the seat. {LINE} #HexleyMoor"),
)  # fmt: skip

SOON: tuple[tuple[int, Planned], ...] = (
    (1, Planned(0, time(0), "lighthearted", "Elderwick",
                "Breaking at {when}: nine ducklings have been escorted across Mill Road, Elderwick, in single file. The tenth wished to be treated as an adult and took the footbridge. #Elderwick",
                channels=BOTH, picture="A PCSO holds up traffic while ducklings cross a road.")),
    (4, Planned(0, time(0), "appeal_witness", "Stonemere",
                f"Were you on Tannery Road, Stonemere, shortly before {{when}} today? A red van was seen driving on the pavement by the school. Dashcam or a number plate would help. Please quote WD-3144. {LINE} #Stonemere",
                appeal_ref="WD-3144")),
    (9, Planned(0, time(0), "road_info", "Woldershire",
                "REOPENED at {when}: Bell roundabout is clear in both directions. Thank you for your patience.", channels=("x",))),
)  # fmt: skip
"""Posts that go out while somebody is watching the demo: minutes after it starts, and the post.

`{when}` becomes the time it goes out, so that a demo started again says nothing twice: X would refuse it."""
