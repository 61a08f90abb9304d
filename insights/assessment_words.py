"""How an assessment says what changed: in whole sentences, with interval and limits, and never that a campaign was the
cause (M14)."""

from datetime import date

from insights.assessment_series import LAST, Series
from insights.before_after import ENOUGH_EVENTS, ENOUGH_PEOPLE, ENOUGH_PERIODS, FOLLOWS, Change, Estimate
from social.campaigns import CampaignMeasure, MeasureKind


def say_value(value: float) -> str:
    """Three figures at the most after a thousand's comma: '1,240', '14.3', '0.62'."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 1 else f"{value:.2g}"


def say_on(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def say_pence(pence: int) -> str:
    return f"£{pence / 100:,.2f}" if pence % 100 else f"£{pence // 100:,}"


def say_minutes(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours:,} h" if not rest else f"{hours:,} h {rest} min"


def progress_of(measure: CampaignMeasure, now: float | None) -> float | None:
    """How far from the baseline to the target, 1 is there; None where one of the three is unknown."""
    if now is None or measure.baseline is None or measure.target is None or measure.baseline == measure.target:
        return None
    return (now - measure.baseline) / (measure.target - measure.baseline)


def result_sentence(measure: CampaignMeasure, series: Series) -> str:
    """Where the measure stands against its baseline and target."""
    unit = measure.unit
    began = "No baseline" if measure.baseline is None else f"Baseline {say_value(measure.baseline)}"
    if measure.baseline_on is not None:
        began += f" ({say_on(measure.baseline_on)})"
    aimed = "no target" if measure.target is None else f"target {say_value(measure.target)}"
    if measure.target_on is not None:
        aimed += f" by {say_on(measure.target_on)}"
    if series.now is None or series.now_on is None:
        return f"Not measured since it began. {began}, {aimed}, in {unit}."
    several = f", the mean of the last {series.now_of} numbers" if series.now_of > 1 else ""
    told = f"{say_value(series.now)} {unit}{several} (newest: {say_on(series.now_on)}). {began}, {aimed}"
    progress = progress_of(measure, series.now)
    return f"{told}: {_say_progress(progress)}." if progress is not None else f"{told}."


def _say_progress(progress: float) -> str:
    if progress >= 1:
        return "the target is met"
    if progress <= 0:
        return "no nearer to the target than at the baseline"
    return f"{progress:.0%} of the way to the target"


def change_sentence(measure: CampaignMeasure, change: Change | None, where: str, other: str) -> str:
    """Before and after.  where, other: names of the campaign's area and of the comparison."""
    kind = MeasureKind(measure.kind)
    if change is None:
        needed = {
            MeasureKind.SHARE: f"{ENOUGH_PEOPLE} people asked",
            MeasureKind.COUNT: f"{ENOUGH_PERIODS} periods with {ENOUGH_EVENTS} counted",
            MeasureKind.NUMBER: f"{ENOUGH_PERIODS} numbers that are not all alike",
        }[kind]
        return f"Too few to tell before from after: at least {needed} are needed on each side."
    told = f"From the first day on it was {_say(change.own, kind, 'than before ')} in {where}."
    if change.other is None or change.beyond is None:
        lacking = "No area is compared" if not other else f"Too few numbers are known of {other}"
        return f"{told} {_chance(change.own, kind)} {lacking}, so it may have changed anyway."
    return (
        f"{told} In {other} it was {_say(change.other, kind)}. So in {where} it was "
        f"{_say(change.beyond, kind, f'than with the change of {other} ')}. {_chance(change.beyond, kind)}"
    )


def _say(one: Estimate, kind: MeasureKind, than: str = "") -> str:
    """'27% lower than before (95% interval: 38% lower to 15% lower)'."""
    return f"{_step(one.value, kind)} {than}(95% interval: {_step(one.low, kind)} to {_step(one.high, kind)})"


def _step(value: float, kind: MeasureKind) -> str:
    if kind is MeasureKind.COUNT:
        percent = 100 * (value - 1)
        return f"{abs(percent):,.0f}% {'higher' if percent >= 0 else 'lower'}"
    unit = " points" if kind is MeasureKind.SHARE else ""
    return f"{abs(value):,.1f}{unit} {'higher' if value >= 0 else 'lower'}"


def _chance(one: Estimate, kind: MeasureKind) -> str:
    none = 1.0 if kind is MeasureKind.COUNT else 0.0
    if one.low <= none <= one.high:
        return "That may be chance alone."
    return "Chance alone seldom does that."


def limits_of(measure: CampaignMeasure, series: Series) -> tuple[str, ...]:
    """What the numbers do not say, in whole sentences."""
    change, kind = series.change, MeasureKind(measure.kind)
    told = []
    if kind is MeasureKind.COUNT and series.now_of > 1:
        told.append(f"Single counts jump about, so progress is told by the mean of the last {LAST} at the most.")
    if change is not None and change.beyond is not None:
        told.append("It takes for granted that both areas would have changed alike without the campaign.")
    elif change is not None:
        told.append("Season, other work and what happened elsewhere are not taken off.")
    if change is not None and change.follow is not None and change.follow >= FOLLOWS:
        told.append(
            "Periods that follow each other are alike here: the interval is widened for that, and may still be too narrow."
        )
    if kind is MeasureKind.SHARE and change is not None:
        told.append("It speaks of those who answered, who may differ from those who did not.")
    if measure.facts:
        told.append(
            "Replies are by whoever wrote under a post, wherever they live, and are read by a machine that errs."
        )
    return tuple(told)
