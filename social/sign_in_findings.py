"""What `beatline doctor` says about signing in."""

from collections.abc import Sequence

from social import sign_in_links
from social.context import Context
from social.doctor import Finding, Level
from social.errors import InputError
from social.sign_in_ways import Way, require_usable, way_in


def findings(context: Context) -> Sequence[Finding]:
    """Whether people can sign in, and what is missing before they can."""
    try:
        require_usable(context.settings)
    except InputError as error:
        return [Finding(Level.WRONG, str(problem), "See docs/people.md.") for problem in error.problems]
    way = way_in(context)
    if way is Way.NONE:
        return [
            Finding(Level.NOTE, "No sign-in is set up.", "docs/people.md says how, before others are to use Beatline.")
        ]
    if way is Way.PROXY and not context.settings.proxy_secret:
        return [
            Finding(Level.NOTE, "The proxy proves itself by its address alone.", "Set BEATLINE_PROXY_SECRET as well.")
        ]
    with context.database.read() as session:
        lost = way is Way.LOCAL and not sign_in_links.has_administrator(session)
    if lost:
        return [Finding(Level.WRONG, "No administrator can sign in.", "Run `beatline people link`.")]
    return [Finding(Level.OK, f"People sign in: {way.value}.")]
