"""`beatline plan`: one post from the command line, with what has to be said about its pictures (R07, R14)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from social.context import Context
from social.errors import InputError


def add_plan(
    cli: typer.Typer, open_: Callable[[], Context], person_named: Callable[[Context, str], Any], operator: str
) -> None:
    """Add `plan`.  person_named: whoever has that e-mail address.  operator: who acts when nobody is named."""

    @cli.command()
    def plan(
        text: Annotated[str, typer.Option(help="What residents will read; a line of --- begins a part of a thread.")],
        content_type: Annotated[str, typer.Option("--type", help="Kind of post, such as event or appeal_cctv.")],
        accounts: Annotated[str, typer.Option(help="Accounts, parted by commas.")],
        at: Annotated[str | None, typer.Option(help="When, UK time, as 2026-03-13T12:15; none: decided later.")] = None,
        slot: Annotated[str | None, typer.Option(help="In place of a time: the next free moment of this slot.")] = None,
        link: Annotated[str | None, typer.Option(help="Web address after the text.")] = None,
        place: Annotated[str | None, typer.Option(help="Neighbourhood.")] = None,
        force: Annotated[str | None, typer.Option(help="Police force.")] = None,
        campaign: Annotated[str | None, typer.Option(help="Campaign.")] = None,
        appeal_ref: Annotated[str | None, typer.Option(help="Reference that residents quote.")] = None,
        case_stage: Annotated[str, typer.Option(help="Stage of the case, such as arrested.")] = "none",
        lang: Annotated[str, typer.Option(help="Language: en, cy or cy+en.")] = "en",
        picture: Annotated[list[Path] | None, typer.Option(help="Picture file; may be repeated.")] = None,
        alt: Annotated[list[str] | None, typer.Option(help="What the picture shows; one for each.")] = None,
        shows_person: Annotated[str, typer.Option(help="Whether the pictures show a person: yes or no.")] = "",
        image_source: Annotated[str, typer.Option(help="Where the pictures come from, such as own or cctv.")] = "",
        image_owner: Annotated[str, typer.Option(help="Whose pictures they are.")] = "",
        image_licence: Annotated[str, typer.Option(help="On what terms they may be used.")] = "",
        image_consent: Annotated[str, typer.Option(help="Who agreed to be shown, and when.")] = "",
        image_reason: Annotated[str, typer.Option(help="Why it is lawful and necessary to show the person.")] = "",
        image_approver: Annotated[str, typer.Option(help="Who of the enquiry approved the pictures.")] = "",
        others_masked: Annotated[str, typer.Option(help="Other people in them: yes (masked), none, no.")] = "",
        review_by: Annotated[str, typer.Option(help="Day to review the pictures, as 2026-03-13.")] = "",
        alert_subject: Annotated[str, typer.Option(help="Subject of an alert.")] = "",
        alert_topic: Annotated[str, typer.Option(help="Topic of an alert, such as roads.")] = "",
        alert_groups: Annotated[
            str, typer.Option(help="Only members of these groups get the alert, parted by ;.")
        ] = "",
        urgent: Annotated[bool, typer.Option("--urgent", help="To everybody at once, also as a text.")] = False,
        author: Annotated[str, typer.Option(help="E-mail address of the author.")] = operator,
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    ) -> None:
        """Plan one post and hand it in: it is queued, or waits for approval where its kind needs one."""
        from scheduler.alert_columns import alert_from
        from scheduler.named_slots import next_free
        from scheduler.picture_answers import COLUMNS, answers_from
        from scheduler.planning import MediaInput, PostInput, plan_post, send_for_approval
        from scheduler.slots import parse_local

        asked = (shows_person, image_source, image_owner, image_licence, image_consent, image_reason, image_approver,
                 others_masked, review_by)  # fmt: skip
        answers, problems = answers_from(dict(zip(COLUMNS, (one.strip() for one in asked), strict=True)))
        cells = {"alert_subject": alert_subject, "alert_topic": alert_topic, "alert_groups": alert_groups,
                 "alert_urgent": "yes" if urgent else ""}  # fmt: skip
        alert, unread = alert_from(cells, content_type, text)
        problems += unread
        if problems:
            raise InputError(*problems)
        if at and slot:
            raise InputError("Give either a time or a slot.")
        names = tuple(name.strip() for name in accounts.split(",") if name.strip())
        context = open_()
        due_local, fold = parse_local(at) if at else (None, None)
        if slot:
            with context.database.read() as session:
                due_local, fold = next_free(session, slot, names, context.clock.now())
        alts = [*(alt or []), *[""] * len(picture or [])]
        media = (MediaInput("image", path=file, alt_text=words, answers=answers)
                 for file, words in zip(picture or [], alts, strict=False))  # fmt: skip
        given = PostInput(
            content_type=content_type,
            text=text,
            account_names=names,
            due_local=due_local,
            fold=fold,
            link=link,
            place=place,
            force=force,
            campaign=campaign,
            appeal_ref=appeal_ref,
            case_stage=case_stage,
            lang=lang,
            media=tuple(media),
            alert=alert,
        )
        person = person_named(context, author)
        post_id = plan_post(context, given, person)
        status = send_for_approval(context, post_id, person)
        if as_json:
            typer.echo(json.dumps({"post_id": post_id, "status": status}))
        else:
            typer.echo(f"Post {post_id} is {status.replace('_', ' ')}.")
