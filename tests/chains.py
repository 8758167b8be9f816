"""A chain with all there can be: a sub-task, a tool, an error, a branch, an answer on its way."""

from datetime import UTC, datetime, timedelta

from mojodex_tui.wire.chain import Chain, ChainError, ChainEvent, ChainNode, ChainRun, ChainUsage

START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def node(
    name: str,
    parent: str | None,
    speaker: str,
    text: str,
    *,
    run: str = "first",
    task: str = "home",
    kind: str = "message",
    to: str = "",
    tokens: int = 0,
    error: ChainError | None = None,
    seconds: float = 0,
) -> ChainNode:
    """Return a node; `speaker` is its role and its sender, such as `U user`."""
    role, sender = speaker.split()
    return ChainNode(
        id=name,
        parent=parent,
        run=run,
        task=task,
        role=role,
        kind=kind,
        sender=sender,
        to=to,
        text=text,
        error=error,
        usage=ChainUsage(tokens=tokens, cost=tokens / 1_000_000),
        created_at=at(seconds),
    )


def happened(run: str, kind: str, seconds: float, **more: object) -> ChainEvent:
    """Return an event."""
    return ChainEvent.model_validate({"run": run, "type": kind, "at": at(seconds), **more})


def replied(run: str, by: str, asked: float, answered: float, *nodes: str) -> list[ChainEvent]:
    """Return the events of an accepted reply."""
    return [
        happened(run, "attempt", asked, by=by),
        happened(run, "reply", answered, accepted=True, nodes=nodes),
        happened(run, "step", answered),
    ]


def chain(*, writing: bool = True) -> Chain:
    """Return a session's chain.

    Args:
        writing: whether the answer of the branch is on its way, or there already.
    """
    wrong = ChainError(kind="BadReply", text="The reply is not JSON.")
    recap = "task:7"
    nodes = [
        node("ask", None, "U user", "Recap of yesterday's budget meeting, please"),
        node("pick", "ask", "A llm", '{"task_pk": 7}', kind="structured", tokens=312, seconds=2),
        node("bad", "ask", "S agent", "", run="sub", task=recap, error=wrong, seconds=4),
        node("call", "bad", "A llm", '{"name": "read_file"}', run="sub", task=recap,
             kind="tool_call", tokens=1840, seconds=6),
        node("read", "call", "F agent", "Present: Ana, Luc…", run="sub", task=recap,
             kind="tool_result", seconds=6.5),
        node("draft", "read", "A llm", "Who was there besides Ana and Luc?", run="sub", task=recap,
             to="user", tokens=2110, seconds=9),
        node("reply", "pick", "U task:7", "Who was there besides Ana and Luc?", to="user",
             seconds=9),
        node("again", None, "U user", "Recap of yesterday's budget meeting, please", run="second",
             seconds=60).model_copy(update={"parent": "pick"}),
    ]  # fmt: skip
    events = [
        happened("first", "start", 0, nodes=["ask"]),
        *replied("first", "llm", 0, 2, "pick"),
        happened("first", "attempt", 2, by=recap),
        happened("sub", "start", 2),
        *replied("sub", "llm", 2, 4, "bad"),
        *replied("sub", "llm", 4, 6, "call"),
        *replied("sub", "agent", 6, 6.5, "read"),
        *replied("sub", "llm", 6.5, 9, "draft"),
        happened("sub", "end", 9, status="DONE"),
        happened("first", "reply", 9, accepted=True, nodes=["reply"]),
        happened("first", "step", 9),
        happened("first", "attempt", 9, by="user"),
        happened("first", "waiting", 9),
        happened("second", "start", 60, nodes=["again"]),
        happened("second", "attempt", 60, by="llm"),
    ]
    if not writing:
        nodes.append(
            node("answer", "again", "A llm", "Here it is.", run="second", tokens=900, seconds=64)
        )
        events += [
            happened("second", "reply", 64, accepted=True, nodes=["answer"]),
            happened("second", "step", 64),
            happened("second", "end", 64, status="MAX_TOKENS"),
        ]
    runs = (
        ChainRun(id="first", root="first", task="home", began=at(0)),
        ChainRun(id="sub", root="first", task=recap, caller="first", began=at(2)),
        ChainRun(id="second", root="second", task="home", began=at(60)),
    )
    goes_on_at = "again" if writing else "answer"
    return Chain(runs=runs, nodes=tuple(nodes), events=tuple(events), at=goes_on_at)
