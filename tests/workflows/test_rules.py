"""What comes next, held against a simple model of a workflow (wire protocol §6.4, mended)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.workflow_rules import (
    Begin,
    Decide,
    Finish,
    GoOn,
    Next,
    Nothing,
    Retry,
    end_text,
    is_used,
    learned,
    past_results,
    plan,
    state_of,
)
from mojodex_tui.backend.domain.workflow_runs import Standing, StepRun
from mojodex_tui.backend.domain.workflows import WorkflowStep
from mojodex_tui.wire.workflow_extensions import RunState

MOMENT = datetime(2026, 11, 20, tzinfo=UTC)
INPUTS: JsonObject = {"text": ""}
Widths = list[int]
"""How many items each step gives for each item it works on."""


def steps_of(asks: list[bool]) -> list[WorkflowStep]:
    return [
        WorkflowStep(rank, f"s{rank}", rank, f"S{rank}", "", "", each, True)
        for rank, each in enumerate(asks, start=1)
    ]


def given_by(run: StepRun, width: int) -> tuple[JsonObject, ...]:
    return tuple({"text": f"{run.parameter['text']}{number}"} for number in range(width))


def begun(pk: int, begin: Begin) -> StepRun:
    place = begin.place
    return StepRun(pk, begin.step.pk, place.parent_pk, place.item_index, place.parameter, MOMENT)


def texts_of(widths: Widths) -> list[str]:
    """The model: every item of every step, level by level; the last level is the text."""
    level = [""]
    for width in widths:
        level = [f"{text}{number}" for text in level for number in range(width)]
    return level


class Played:
    """A run whose user does odd things at every step."""

    def __init__(self, widths: Widths, asks: list[bool], odd: Iterator[str]) -> None:
        self.steps, self.widths, self.odd = steps_of(asks), widths, odd
        self.runs: list[StepRun] = []

    @property
    def next(self) -> Next:
        return plan(self.steps, self.runs, INPUTS).next

    def change(self, run: StepRun, **columns: object) -> None:
        place = next(i for i, each in enumerate(self.runs) if each.pk == run.pk)
        self.runs[place] = replace(run, **columns)  # type: ignore[arg-type] # named by the tests

    def play(self) -> Finish | Nothing:
        """Do what comes next until nothing does; odd things happen on the way."""
        for _ in range(10_000):
            match self.next:
                case Begin() as begin:
                    self.runs.append(begun(len(self.runs) + 1, begin))
                case GoOn(run):
                    self._work(run)
                case Decide(run):
                    self._judge(run)
                case Retry(run):
                    self.change(run, validated=False)
                case Finish() | Nothing() as over:
                    return over
        raise AssertionError("the run does not end")

    def _work(self, run: StepRun) -> None:
        match next(self.odd, "fine"):
            case "fails":
                self.change(run, error={"error": "No."})
            case "stopped":
                self.change(run, validated=False)
            case _:
                self.change(run, result=given_by(run, self.widths[run.step_pk - 1]))

    def _judge(self, run: StepRun) -> None:
        if next(self.odd, "fine") == "rejected":
            self.change(run, validated=False, instruction="Otherwise.")
        else:
            self.change(run, validated=True)


WIDTHS = st.lists(st.integers(1, 3), min_size=1, max_size=4)
ODD = st.lists(st.sampled_from(["fine", "fails", "stopped", "rejected"]), max_size=40)


@given(WIDTHS, st.data(), ODD)
def test_every_item_is_worked_on_once_and_in_order(
    widths: Widths, data: st.DataObject, odd: list[str]
) -> None:
    asks = data.draw(st.lists(st.booleans(), min_size=len(widths), max_size=len(widths)))
    played = Played(widths, asks, iter(odd))
    over = played.play()
    assert isinstance(over, Finish)
    assert over.text == "\n\n".join(texts_of(widths))
    counted = plan(played.steps, played.runs, INPUTS).counted
    for rank in range(1, len(widths) + 1):
        of_step = [str(run.parameter["text"]) for run in counted if run.step_pk == rank]
        assert of_step == texts_of(widths[: rank - 1])


@given(WIDTHS, st.data(), ODD)
def test_one_thing_at_a_time_and_nothing_that_counts_is_done_again(
    widths: Widths, data: st.DataObject, odd: list[str]
) -> None:
    asks = data.draw(st.lists(st.booleans(), min_size=len(widths), max_size=len(widths)))
    played = Played(widths, asks, iter(odd))
    played.play()
    places = [
        (run.step_pk, run.parent_pk, run.item_index) for run in played.runs if not run.rejected
    ]
    assert len(places) == len({*places})
    ranks = [run.step_pk for run in plan(played.steps, played.runs, INPUTS).counted]
    assert ranks == sorted(ranks)


@given(WIDTHS, st.integers(0, 30))
def test_what_counts_only_grows(widths: Widths, upto: int) -> None:
    played = Played(widths, [False] * len(widths), iter(()))
    played.play()
    before = plan(played.steps, played.runs[:upto], INPUTS).counted
    after = plan(played.steps, played.runs[: upto + 1], INPUTS).counted
    assert after[: len(before)] == before


def run_of(pk: int, step: int = 1, **columns: object) -> StepRun:
    parent = None if step == 1 else 1
    known = StepRun(pk, step, parent, 0, {"text": "x"}, MOMENT)
    return replace(known, **columns)  # type: ignore[arg-type] # named by the tests


def test_a_step_without_validation_counts_once_it_has_ended() -> None:
    steps = steps_of([False, False])
    assert plan(steps, [run_of(1)], INPUTS).next == GoOn(run_of(1))
    ended = run_of(1, result=({"text": "a"},))
    assert isinstance(plan(steps, [ended], INPUTS).next, Begin)
    rejected = replace(ended, validated=False)
    assert plan(steps, [rejected], INPUTS).counted == ()


def test_nothing_to_work_on_is_no_end() -> None:
    steps = steps_of([False, False])
    assert plan(steps, [run_of(1, result=())], INPUTS).next == Nothing(steps[0])
    assert plan(steps[:1], [run_of(1, result=())], INPUTS).next == Finish("")


def test_instructions_are_learned_for_equal_parameters_of_the_same_step() -> None:
    result = ({"text": "a"},)
    rejected = run_of(1, result=result, validated=False, instruction="Shorter.")
    assert [each.instruction for each in learned(1, {"text": "x"}, [rejected])] == ["Shorter."]
    assert learned(1, {"text": "y"}, [rejected]) == ()
    assert learned(2, {"text": "x"}, [rejected]) == ()
    again = run_of(2, result=result, validated=True)
    (past,) = past_results(steps_of([True]), [again], [rejected, again])
    assert (past.step, past.instruction) == ("s1", "Shorter.")


def test_a_result_is_used_while_something_was_made_from_it() -> None:
    child = run_of(2, step=2)
    assert is_used(run_of(1), [run_of(1), child])
    for gone in (replace(child, validated=False), replace(child, error={"error": "No."})):
        assert not is_used(run_of(1), [run_of(1), gone])


def test_the_text_holds_the_first_value_of_each_item() -> None:
    items: tuple[JsonObject, ...] = (
        {"types": {"picture": "image"}, "title": "One", "more": "x"},
        {"rows": [1, "é"]},
        {"text": ""},
        {},
    )
    assert end_text([run_of(1, result=items)]) == 'One\n\n[1, "é"]'


def test_the_state_says_what_a_run_does() -> None:
    steps = steps_of([True, False])
    result = ({"text": "a"},)
    waits = run_of(1, result=result)
    taken = replace(waits, validated=True)
    stopped = replace(waits, validated=False)
    failed = run_of(1, error={"error": "No."})
    on: Callable[..., Standing] = lambda **more: Standing(started=True, **more)  # noqa: E731 - short
    for standing, runs, state in (
        (Standing(started=False), [], RunState.NEW),
        (on(working=True), [], RunState.RUNNING),
        (on(working=True), [run_of(1)], RunState.RUNNING),
        (on(), [waits], RunState.WAITING),
        (on(working=True), [waits], RunState.WAITING),
        (on(), [failed], RunState.FAILED),
        (on(), [taken], RunState.FAILED),
        (on(paused=True), [taken], RunState.PAUSED),
        (on(), [stopped], RunState.STOPPED),
        (on(paused=True), [stopped], RunState.STOPPED),
        (on(paused=True, stopped=True), [taken], RunState.STOPPED),
        (on(paused=True, stopped=True, working=True), [taken], RunState.RUNNING),
        (on(working=True), [stopped], RunState.RUNNING),
        (on(ended=True), [taken], RunState.DONE),
    ):
        assert state_of(standing, runs, plan(steps, runs, INPUTS)) is state, (standing, runs)
