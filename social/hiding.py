"""What people do about replies that break a house rule: hide them at the network, show them again (R20).

Hiding names a house rule from one list; what a resident thinks of the police is in none of them. The words are kept
first, as they were, under a class of their own (R28). It is an order like an answer: written down, carried out by the
worker at once, looked up when nobody knows what came of it. It goes on while publishing is stopped: it protects people."""

from datetime import datetime

from sqlmodel import Session

from social.accounts import Account
from social.audit import record
from social.context import Context
from social.errors import InputError
from social.hiding_records import Hiding, hidings_of, house_rule_of, open_hiding
from social.interactions import Interaction
from social.publications import Publication
from social.staff import Action, Person, require

MOST_NOTE = 500


def hide_reply(context: Context, person: Person, interaction_id: int, house_rule: str, note: str = "") -> int:
    """Have a reply hidden at the network from everybody but its writer.  house_rule: a key of HOUSE_RULES.
    note: why, in the person's words; some house rules ask for it.

    Returns the order's number; pressing twice makes one.  Raises NotAllowed and InputError."""
    rule, note = house_rule_of(house_rule), _plain(note)
    if rule.note and len(note) < 10:
        raise InputError(f"'{rule.label}' is easily stretched: say in a sentence why it applies here.")
    if len(note) > MOST_NOTE:
        raise InputError(f"Keep the note under {MOST_NOTE} characters.")
    return _order(context, person, interaction_id, hides=True, house_rule=house_rule, note=note)


def show_reply(context: Context, person: Person, interaction_id: int, note: str = "") -> int:
    """Take back `hide_reply`.  Returns the order's number.  Raises NotAllowed and InputError."""
    return _order(context, person, interaction_id, hides=False, house_rule=None, note=_plain(note)[:MOST_NOTE])


def _order(
    context: Context, person: Person, interaction_id: int, *, hides: bool, house_rule: str | None, note: str
) -> int:
    with context.database.write() as session:
        now = context.clock.now()
        reply = session.get(Interaction, interaction_id, populate_existing=True)
        if reply is None:
            raise InputError(f"There is no reply {interaction_id}.")
        place_id = session.get_one(Publication, reply.publication_id).place_id
        require(session, person, Action.HIDE, place_id)
        known = open_hiding(session, reply.account_id, reply.platform_id)
        if known is not None and known.hides is hides:
            return known.id or 0
        _require_sense(session, context, reply, known, hides=hides)
        order = _written(session, reply, person, now, place_id, hides=hides, house_rule=house_rule, note=note)
        record(
            session, now, actor=person, action="hide reply" if hides else "show reply", subject=("reply", interaction_id),
            after={"hiding": order.id, "house_rule": house_rule}, reason=note or None, place_id=place_id,
        )  # fmt: skip
        return order.id or 0


def _require_sense(
    session: Session, context: Context, reply: Interaction, known: Hiding | None, *, hides: bool
) -> None:  # fmt: skip
    """Raises InputError where there is nothing to hide or to show, or where the network cannot."""
    account = session.get_one(Account, reply.account_id)
    if known is not None:
        doing = "hidden" if known.hides else "shown again"
        raise InputError(f"This reply is just being {doing}. Wait for what comes of it, then decide.")
    if reply.ours:
        raise InputError("This is our own answer. Networks hide only what others wrote; delete it on the network.")
    if reply.gone_at is not None:
        raise InputError("The reply is not on the network any more: there is nothing to hide.")
    if not context.channel(account).can.hides:
        raise InputError("Beatline cannot hide replies on this network. Hide it in the network's own app.")
    if hides and reply.hidden:
        raise InputError("The reply is hidden already.")
    if not hides and not reply.hidden:
        raise InputError("The reply is not hidden.")


def _written(
    session: Session,
    reply: Interaction,
    person: Person,
    now: datetime,
    place_id: int | None,
    *,
    hides: bool,
    house_rule: str | None,
    note: str,
) -> Hiding:
    """The order, with the words as they were: kept before anything changes at the network (R20)."""
    order = Hiding(
        interaction_id=reply.id, publication_id=reply.publication_id, account_id=reply.account_id,
        platform_id=reply.platform_id, hides=hides, house_rule=house_rule, note=note or None, asked_by_id=person.id or 0, asked_at=now, place_id=place_id,
        evidence=reply.text if hides else None, written_at=reply.created_at if hides else None,
    )  # fmt: skip
    session.add(order)
    session.flush()
    return order


def standing_of(session: Session, interaction_id: int) -> Hiding | None:
    """The newest order about this reply; None when there never was one."""
    orders = hidings_of(session, interaction_id)
    return orders[-1] if orders else None


def _plain(note: str) -> str:
    return " ".join(note.replace("\0", " ").split())
