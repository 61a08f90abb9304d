"""What the alert service's pages say, in English and in Welsh: neither is treated less favourably (R33).

One table, so that whoever looks after a force's Welsh reads all of it in one place."""

from collections.abc import Mapping

ENGLISH, WELSH = "en", "cy"
WORDS: dict[str, tuple[str, str]] = {
    # Around every page
    "skip": ("Skip to what this page is about", "Neidio i brif gynnwys y dudalen"),
    "police": ("Police", "Heddlu"),
    "alerts": ("Alerts", "Rhybuddion"),
    "tagline": ("Alerts by e-mail and text", "Rhybuddion drwy e-bost a neges destun"),
    "problem": ("There is a problem", "Mae problem"),
    "error": ("Error: ", "Gwall: "),
    "not_here": ("Do not report crime here.", "Peidiwch â rhoi gwybod am drosedd yma."),
    "numbers": (
        "In an emergency call 999, otherwise 101. To say what you know without giving your name, call Crimestoppers on "
        "0800 555 111.",
        "Mewn argyfwng ffoniwch 999, fel arall 101. I ddweud yr hyn a wyddoch heb roi eich enw, ffoniwch Taclo'r Taclau "
        "ar 0800 555 111.",
    ),
    "privacy_link": ("What we keep about you, and why", "Yr hyn a gadwn amdanoch, a pham"),
    # Links that lead nowhere, and what cannot be done now
    "refused_title": ("This link does not work", "Nid yw'r ddolen hon yn gweithio"),
    "refused": (
        "Open it again from your newest message: links end when you sign up anew, and a link that was cut short by a "
        "mail program leads nowhere.",
        "Agorwch hi eto o'ch neges ddiweddaraf: daw dolenni i ben pan fyddwch yn cofrestru o'r newydd, ac nid yw dolen "
        "a dorrwyd gan raglen bost yn arwain i unman.",
    ),
    "sign_up_link": ("Sign up for alerts", "Cofrestru ar gyfer rhybuddion"),
    "too_many_title": ("Too many sign-ups", "Gormod o gofrestriadau"),
    "too_many": (
        "More sign-ups came from where you are, or for this address, than we take in an hour, and this one was not "
        "kept. Try again in {minutes} minutes.",
        "Daeth mwy o gofrestriadau o'r lle'r ydych chi, neu ar gyfer y cyfeiriad hwn, nag a dderbyniwn mewn awr, ac ni "
        "chadwyd yr un hwn. Rhowch gynnig arall arni ymhen {minutes} munud.",
    ),
    "not_open_title": ("Sign-up is not open", "Nid yw cofrestru ar agor"),
    "not_open": (
        "The alert service sends nothing at present, so nobody can sign up. Try again another day.",
        "Nid yw'r gwasanaeth rhybuddion yn anfon dim ar hyn o bryd, felly ni all neb gofrestru. Rhowch gynnig arall arni "
        "ryw ddiwrnod arall.",
    ),
    # Signing up
    "join_title": ("Sign up for alerts", "Cofrestru ar gyfer rhybuddion"),
    "join_lead": (
        "We tell you what happens where you live: appeals, warnings and advice, about what you choose and as often as "
        "you choose. It costs nothing, and every message has a link that stops it.",
        "Rydym yn dweud wrthych beth sy'n digwydd lle'r ydych yn byw: apeliadau, rhybuddion a chyngor, am yr hyn a "
        "ddewiswch ac mor aml ag y dewiswch. Mae am ddim, ac mae dolen ym mhob neges i'w hatal.",
    ),
    "email": ("E-mail address", "Cyfeiriad e-bost"),
    "email_hint": (
        "We send one message there, to ask whether it is yours. Nothing else comes until you have said yes.",
        "Anfonwn un neges yno, i ofyn ai eich cyfeiriad chi ydyw. Ni ddaw dim arall nes i chi ddweud ie.",
    ),
    "topics": ("What do you want to be told about?", "Am beth yr hoffech gael gwybod?"),
    "topics_hint": ("Choose as many as you like.", "Dewiswch gynifer ag y dymunwch."),
    "areas": ("Which areas?", "Pa ardaloedd?"),
    "areas_hint": (
        "Choose up to {most}. A larger area holds all the smaller ones in it; open its name to choose among them.",
        "Dewiswch hyd at {most}. Mae ardal fwy yn cynnwys yr holl rai llai ynddi; agorwch ei henw i ddewis yn eu plith.",
    ),
    "areas_whole": ("The whole area, or a large part of it", "Yr ardal gyfan, neu ran fawr ohoni"),
    "areas_force": ("The whole of the force's area", "Ardal yr heddlu i gyd"),
    "areas_all_of": ("All of {name}", "{name} i gyd"),
    "within": ("How far around them?", "Pa mor bell o'u cwmpas?"),
    "within_hint": (
        "We measure from the middle of each area. We do not know, or ask, where you live.",
        "Rydym yn mesur o ganol pob ardal. Ni wyddom, ac ni ofynnwn, ble'r ydych yn byw.",
    ),
    "within_none": ("These areas alone", "Yr ardaloedd hyn yn unig"),
    "within_km": ("Within {km} kilometres ({miles} miles)", "O fewn {km} cilometr ({miles} milltir)"),
    "within_keep": ("As it is: each area has its own", "Fel y mae: mae gan bob ardal ei phellter ei hun"),
    "frequency": ("How often?", "Pa mor aml?"),
    "at_once": ("At once", "Ar unwaith"),
    "daily": ("Once a day, at 07:30", "Unwaith y dydd, am 07:30"),
    "weekly": ("Once a week, on Monday at 07:30", "Unwaith yr wythnos, ddydd Llun am 07:30"),
    "frequency_hint": (
        "Urgent alerts, such as a missing child nearby, always come at once.",
        "Daw rhybuddion brys, fel plentyn ar goll gerllaw, ar unwaith bob tro.",
    ),
    "ways": ("How should we reach you?", "Sut y dylem gysylltu â chi?"),
    "way_email": ("By e-mail", "Drwy e-bost"),
    "way_text": ("By text, for urgent alerts only", "Drwy neges destun, ar gyfer rhybuddion brys yn unig"),
    "phone": ("Mobile number, if you want texts", "Rhif ffôn symudol, os ydych am gael negeseuon testun"),
    "phone_hint": (
        "Such as 07700 900123. We text a code there to ask whether it is yours.",
        "Er enghraifft 07700 900123. Anfonwn god yno mewn neges destun i ofyn ai eich rhif chi ydyw.",
    ),
    "phone_new": ("Another mobile number", "Rhif ffôn symudol arall"),
    "phone_kept": ("We have a number of yours that ends in {end}.", "Mae gennym rif gennych sy'n gorffen gyda {end}."),
    "phone_none": ("We have no number of yours.", "Nid oes gennym rif gennych."),
    "phone_remove": ("Remove my number", "Tynnu fy rhif"),
    "quiet": ("Quiet hours", "Oriau tawel"),
    "quiet_hint": (
        "What comes then waits until they are over. Urgent alerts do not wait.",
        "Bydd yr hyn a ddaw bryd hynny yn aros nes iddynt ddod i ben. Nid yw rhybuddion brys yn aros.",
    ),
    "quiet_from": ("From", "O"),
    "quiet_to": ("To", "Tan"),
    "quiet_none": ("No quiet hours", "Dim oriau tawel"),
    "groups": ("Do you belong to any of these?", "A ydych yn perthyn i unrhyw un o'r rhain?"),
    "groups_hint": ("Leave it empty if you do not.", "Gadewch ef yn wag os nad ydych."),
    "lang": ("In which language?", "Ym mha iaith?"),
    "consent_heading": ("Your agreement", "Eich cytundeb"),
    "consent": (
        "I want these alerts, and agree that {force} keeps my address and what I chose here to send them.",
        "Rwyf am gael y rhybuddion hyn, ac yn cytuno bod {force} yn cadw fy nghyfeiriad a'r hyn a ddewisais yma er mwyn "
        "eu hanfon.",
    ),
    "consent_text": (
        "You can change what you chose or stop at any time, by a link in every message.",
        "Gallwch newid eich dewisiadau neu stopio unrhyw bryd, drwy ddolen ym mhob neges.",
    ),
    "the_police": ("the police", "yr heddlu"),
    "join": ("Sign up", "Cofrestru"),
    "asked_title": ("Look at your e-mail", "Edrychwch ar eich e-bost"),
    "asked": (
        "We have sent a message to the address that you gave. Open it and use its link: alerts come once you have.",
        "Rydym wedi anfon neges i'r cyfeiriad a roesoch. Agorwch hi a defnyddio'r ddolen ynddi: daw rhybuddion ar ôl i "
        "chi wneud hynny.",
    ),
    "asked_more": (
        "If nothing comes within an hour, look among what your mail program took for junk, and whether the address was "
        "right. If you have signed up before, the message leads to your settings.",
        "Os na ddaw dim o fewn awr, edrychwch ymhlith yr hyn a gymerodd eich rhaglen bost am sothach, ac a oedd y "
        "cyfeiriad yn gywir. Os ydych wedi cofrestru o'r blaen, mae'r neges yn arwain at eich gosodiadau.",
    ),
    # What can be wrong, by field
    "wrong_email": (
        "Give an e-mail address, such as sam.reed@example.org.",
        "Rhowch gyfeiriad e-bost, er enghraifft sam.reed@example.org.",
    ),
    "wrong_phone": (
        "Give a mobile number, such as 07700 900123, or leave it empty.",
        "Rhowch rif ffôn symudol, er enghraifft 07700 900123, neu gadewch ef yn wag.",
    ),
    "wrong_phone_missing": (
        "Give a mobile number to be told by text.",
        "Rhowch rif ffôn symudol i gael gwybod drwy neges destun.",
    ),
    "wrong_topics": ("Choose at least one topic.", "Dewiswch o leiaf un pwnc."),
    "wrong_areas": (
        "Choose at least one area from the list, and {most} at most.",
        "Dewiswch o leiaf un ardal o'r rhestr, a {most} ar y mwyaf.",
    ),
    "wrong_within_km": ("Choose a distance from the list.", "Dewiswch bellter o'r rhestr."),
    "wrong_frequency": ("Choose how often.", "Dewiswch pa mor aml."),
    "wrong_ways": (
        "Choose at least one way to be told. To be told nothing more, leave.",
        "Dewiswch o leiaf un ffordd o gael gwybod. I beidio â chael gwybod mwy, gadewch.",
    ),
    "wrong_quiet": (
        "Choose two different times for quiet hours, or none for both.",
        "Dewiswch ddau amser gwahanol ar gyfer oriau tawel, neu ddim un ar gyfer y ddau.",
    ),
    "wrong_groups": ("Choose groups from the list.", "Dewiswch grwpiau o'r rhestr."),
    "wrong_lang": ("Choose a language.", "Dewiswch iaith."),
    "wrong_consent": (
        "Tick the box if you want alerts: without your agreement we may not send them.",
        "Ticiwch y blwch os ydych am gael rhybuddion: heb eich cytundeb ni chawn eu hanfon.",
    ),
    "wrong_form": (
        "The form was open for too long. What you chose is still here: send it again.",
        "Bu'r ffurflen ar agor am ormod o amser. Mae'r hyn a ddewisoch yma o hyd: anfonwch hi eto.",
    ),
    "form_again": (
        "You sent this form once already. What you changed is still here: send it again.",
        "Anfonoch y ffurflen hon unwaith eisoes. Mae'r hyn a newidioch yma o hyd: anfonwch hi eto.",
    ),
    "wrong_code": (
        "That is not the code that we texted last. Look again, or save your number once more for another one.",
        "Nid dyna'r cod a anfonwyd ddiwethaf. Edrychwch eto, neu cadwch eich rhif unwaith eto i gael un arall.",
    ),
    "wrong_reason": (
        "Choose one of the reasons, or close this page.",
        "Dewiswch un o'r rhesymau, neu caewch y dudalen.",
    ),
    # Confirming
    "confirm_title": ("Do you want these alerts?", "A ydych am gael y rhybuddion hyn?"),
    "confirm_lead": (
        "Somebody, we hope you, signed this address up for alerts, as it stands below. Press the button to say that it "
        "was you; you can change all of it afterwards. If it was not you, no alert comes.",
        "Cofrestrodd rhywun, chi gobeithio, y cyfeiriad hwn ar gyfer rhybuddion, fel y nodir isod. Pwyswch y botwm i ddweud "
        "mai chi oedd; gallwch newid y cyfan wedyn. Os nad chi oedd, ni ddaw unrhyw rybudd.",
    ),
    "asked_which": (
        "This address was signed up more than once. Which is yours?",
        "Cofrestrwyd y cyfeiriad hwn fwy nag unwaith. Pa un yw eich un chi?",
    ),
    "asked_hint": ("The others are deleted.", "Caiff y lleill eu dileu."),
    "wrong_asked": ("Choose the one that is yours.", "Dewiswch yr un sy'n eiddo i chi."),
    "not_me": ("It was not me: delete this address", "Nid fi oedd hwn: dileu'r cyfeiriad hwn"),
    "number_title": ("Is this number not theirs?", "Nid eu rhif nhw yw hwn?"),
    "number_lead": (
        "Somebody gave this number for police alerts. If you did not, take it out here: we forget it and text it no more.",
        "Rhoddodd rhywun y rhif hwn ar gyfer rhybuddion yr heddlu. Os nad chi oedd, tynnwch ef allan yma: byddwn yn ei "
        "anghofio ac yn peidio ag anfon negeseuon testun ato.",
    ),
    "number_remove": ("Take my number out", "Tynnu fy rhif allan"),
    "number_gone_title": ("Your number is forgotten", "Mae eich rhif wedi'i anghofio"),
    "number_gone": (
        "We do not keep it for this sign-up any more.",
        "Nid ydym yn ei gadw ar gyfer y cofrestriad hwn mwyach.",
    ),
    "confirm": ("Yes, send me alerts", "Ie, anfonwch rybuddion ataf"),
    "confirmed_title": ("You are signed up", "Rydych wedi cofrestru"),
    "confirmed": (
        "Alerts come to you from now on. Every one has a link to change what you get, and one to stop.",
        "Daw rhybuddion atoch o hyn ymlaen. Mae dolen ym mhob un i newid yr hyn a gewch, ac un i stopio.",
    ),
    "confirmed_code": (
        "Give the code that we text to your number in your settings, and urgent alerts come by text too.",
        "Rhowch y cod a anfonwn i'ch rhif yn eich gosodiadau, a daw rhybuddion brys drwy neges destun hefyd.",
    ),
    "to_settings": ("Look at or change your settings", "Edrych ar eich gosodiadau neu eu newid"),
    # Settings
    "settings_title": ("Your alerts", "Eich rhybuddion"),
    "saved": ("Your settings are saved.", "Mae eich gosodiadau wedi'u cadw."),
    "saved_code": (
        "Your settings are saved. We have texted a code to your number: give it here.",
        "Mae eich gosodiadau wedi'u cadw. Rydym wedi anfon cod i'ch rhif mewn neges destun: rhowch ef yma.",
    ),
    "number_yours": (
        "Your number is confirmed. Urgent alerts come by text from now on.",
        "Mae eich rhif wedi'i gadarnhau. Daw rhybuddion brys drwy neges destun o hyn ymlaen.",
    ),
    "code": ("Code from our text", "Y cod o'n neges destun"),
    "code_hint": ("Six digits.", "Chwe digid."),
    "code_send": ("Confirm my number", "Cadarnhau fy rhif"),
    "save": ("Save", "Cadw"),
    "address_note": (
        "To be told at another address, sign it up and then stop the messages to this one.",
        "I gael gwybod mewn cyfeiriad arall, cofrestrwch hwnnw ac yna stopiwch y negeseuon i'r un hwn.",
    ),
    "unconfirmed_note": (
        "Nothing comes to this address yet: it has not been confirmed.",
        "Ni ddaw dim i'r cyfeiriad hwn eto: nid yw wedi'i gadarnhau.",
    ),
    "returned_note": (
        "Mail to your address comes back, so nothing goes there. If it works again, sign up with it once more: we then ask it.",
        "Mae negeseuon i'ch cyfeiriad yn dod yn ôl, felly nid oes dim yn mynd yno. Os yw'n gweithio eto, cofrestrwch ag ef "
        "unwaith eto: byddwn wedyn yn ei ofyn.",
    ),
    # Leaving
    "leave_title": ("Stop all messages?", "Stopio pob neges?"),
    "leave_lead": (
        "We then delete your address, your number and all that you chose, at once.",
        "Byddwn wedyn yn dileu eich cyfeiriad, eich rhif a phopeth a ddewisoch, ar unwaith.",
    ),
    "leave": ("Stop all messages", "Stopio pob neges"),
    "leave_less": (
        "You can also get fewer: choose other topics, or one message a week.",
        "Gallwch hefyd gael llai: dewiswch bynciau eraill, neu un neges yr wythnos.",
    ),
    "left_title": ("You get no more messages", "Ni chewch ragor o negeseuon"),
    "left": (
        "Your address, your number and what you chose are deleted. A message that was on its way at this moment may "
        "still arrive.",
        "Mae eich cyfeiriad, eich rhif a'r hyn a ddewisoch wedi'u dileu. Gall neges a oedd ar ei ffordd yr eiliad hon "
        "gyrraedd o hyd.",
    ),
    "reason": ("Would you tell us why? You do not have to.", "A wnewch chi ddweud pam? Nid oes rhaid i chi."),
    "reason_send": ("Send", "Anfon"),
    "reason_thanks": ("Thank you for telling us why.", "Diolch am ddweud pam."),
    "left_settings": (
        "You stopped all messages, so there is nothing to change.",
        "Rydych wedi stopio pob neges, felly nid oes dim i'w newid.",
    ),
    # Was it useful?
    "useful_title": ("Was this useful?", "A oedd hyn yn ddefnyddiol?"),
    "useful_lead": (
        "Press one button. It is counted, and that is all.",
        "Pwyswch un botwm. Caiff ei gyfrif, a dyna i gyd.",
    ),
    "yes": ("Yes", "Oedd"),
    "no": ("No", "Nac oedd"),
    "useful_yes": ("Thank you. You said: yes, it was useful.", "Diolch. Dywedoch: oedd, roedd yn ddefnyddiol."),
    "useful_no": (
        "Thank you. You said: no, it was not useful.",
        "Diolch. Dywedoch: nac oedd, nid oedd yn ddefnyddiol.",
    ),
    "useful_change": ("You can change your mind.", "Gallwch newid eich meddwl."),
    # Topics, groups and reasons, by their keys
    "topic_appeals": ("Appeals for information", "Apeliadau am wybodaeth"),
    "topic_missing": ("Missing people", "Pobl ar goll"),
    "topic_burglary": ("Burglary and theft", "Bwrgleriaeth a dwyn"),
    "topic_doorstep": ("Bogus callers and doorstep crime", "Galwyr ffug a throseddau carreg y drws"),
    "topic_suspicious": ("Suspicious people and vehicles", "Pobl a cherbydau amheus"),
    "topic_fraud": ("Fraud and scams", "Twyll a sgamiau"),
    "topic_antisocial": ("Antisocial behaviour", "Ymddygiad gwrthgymdeithasol"),
    "topic_roads": ("Roads and road safety", "Ffyrdd a diogelwch ffyrdd"),
    "topic_rural": ("Rural and wildlife crime", "Troseddau cefn gwlad a bywyd gwyllt"),
    "topic_prevention": ("Crime prevention advice", "Cyngor atal troseddu"),
    "topic_meetings": ("Meetings, surgeries and events", "Cyfarfodydd, cymorthfeydd a digwyddiadau"),
    "topic_good_news": ("What was done, and good news", "Yr hyn a wnaed, a newyddion da"),
    "group_neighbourhood_watch": ("Neighbourhood Watch", "Gwarchod y Gymdogaeth"),
    "group_business_watch": ("Business Watch", "Gwarchod Busnes"),
    "group_farm_watch": ("Farm and rural watch", "Gwarchod fferm a chefn gwlad"),
    "group_schools": ("Schools and colleges", "Ysgolion a cholegau"),
    "group_faith": ("Places of worship", "Addoldai"),
    "group_councillors": ("Parish and town councils", "Cynghorau plwyf, tref a chymuned"),
    "reason_too_many": ("I get too many messages", "Rwy'n cael gormod o negeseuon"),
    "reason_not_relevant": ("They are not about what matters to me", "Nid ydynt am yr hyn sy'n bwysig i mi"),
    "reason_moved": ("I have moved away", "Rwyf wedi symud i ffwrdd"),
    "reason_other_source": ("I hear of it in other ways", "Rwy'n clywed amdano mewn ffyrdd eraill"),
    "reason_not_asked": ("I never asked for them", "Ni ofynnais amdanynt erioed"),
    "reason_other": ("Another reason", "Rheswm arall"),
}
"""Key -> English, Welsh."""


def say(lang: str, key: str, **fill: object) -> str:
    """The words in that language, with what is filled in; not escaped yet."""
    words = WORDS[key][lang == WELSH]
    return words.format(**fill) if fill else words


def labels(lang: str, kind: str, keys: Mapping[str, str]) -> dict[str, str]:
    """Key -> words in that language.  kind: topic, group or reason.  keys: the table that the keys come from."""
    return {key: say(lang, f"{kind}_{key}") for key in keys}
