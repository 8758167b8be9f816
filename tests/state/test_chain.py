from mojodex_tui.state.chain import ChainTree, Standing, told_usage, tree_of
from mojodex_tui.wire.chain import Chain
from tests.chains import at, chain, happened, node


def drawn(tree: ChainTree) -> list[str]:
    return [
        f"{'  ' * line.depth}{'+' if line.begins_branch else ''}{line.node.id} {line.words}"
        for line in tree.lines
    ]


def test_side_branches_come_first_and_the_current_run_goes_straight_on() -> None:
    assert drawn(tree_of(chain())) == [
        "ask accepted",
        "  +bad error",
        "  call accepted",
        "  read accepted",
        "  draft accepted",
        "pick accepted",
        "  +reply left",
        "again asks llm",
    ]


def gone_back(to: str | None) -> ChainTree:
    """Return the tree of a session that is to go on elsewhere."""
    return tree_of(chain(writing=False).model_copy(update={"at": to}))


def test_what_the_session_goes_on_with_goes_straight_on_even_if_it_is_older() -> None:
    lines = drawn(gone_back("reply"))
    assert lines[-3:] == ["  +again accepted", "  answer max tokens", "reply waiting"]


def test_all_that_was_said_after_the_node_a_session_went_back_to_is_beside_it() -> None:
    lines = drawn(gone_back("pick"))
    assert lines[-4:] == [
        "pick waiting",
        "  +reply left",
        "  +again accepted",
        "  answer max tokens",
    ]


def test_a_session_that_begins_anew_keeps_all_there_was() -> None:
    tree = gone_back(None)
    assert {line.node.id for line in tree.lines} == {node.id for node in chain(writing=False).nodes}
    assert not any(line.standing is Standing.WAITING for line in tree.lines)


def test_only_what_was_said_in_the_session_itself_can_be_gone_on_at() -> None:
    lines = tree_of(chain()).lines
    assert [line.node.id for line in lines if line.can_branch] == ["ask", "reply", "again"]


def test_who_is_asked_is_told_with_how_long_and_people_are_not_timed() -> None:
    asked, answered = tree_of(chain()).line("again"), tree_of(chain()).line("pick")
    assert asked is not None
    assert asked.asked_at == at(60)
    assert answered is not None
    assert (answered.took, answered.asked_at) == (2.0, None)
    told = chain(writing=False)
    thought = (
        happened("first", "reply", 90, accepted=True, nodes=["thought"]),
        happened("first", "step", 90),
    )
    nodes = (*told.nodes, node("thought", "reply", "U user", "Nobody"))
    thoughtful = told.model_copy(update={"nodes": nodes, "events": (*told.events, *thought)})
    line = tree_of(thoughtful).line("thought")
    assert line is not None
    assert line.took is None


def test_a_chain_is_live_while_somebody_but_the_user_is_asked() -> None:
    assert tree_of(chain(writing=True)).is_live
    ended = tree_of(chain(writing=False))
    assert not ended.is_live
    line = ended.line("answer")
    assert line is not None
    assert (line.standing, line.words, line.took) == (Standing.ENDED, "max tokens", 4.0)


def test_what_was_used_is_summed() -> None:
    tree = tree_of(chain())
    assert (tree.tokens, tree.runs) == (312 + 1840 + 2110, 2)
    assert told_usage(tree.tokens, tree.cost) == "4.3k tok  $0.0043"
    assert told_usage(0, 0) == ""


def test_a_retry_starts_at_the_users_nearest_question() -> None:
    tree = tree_of(chain(writing=False))
    questions = {line.node.id: line.question for line in tree.lines}
    assert questions["draft"] == "ask"
    assert questions["answer"] == "again"
    assert questions["ask"] == "ask"


def test_a_rejected_reply_changes_nothing_and_is_no_longer_asked_for() -> None:
    told = Chain(
        runs=chain().runs[:1],
        nodes=(node("ask", None, "U user", "Hello"),),
        events=(
            happened("first", "start", 0, nodes=["ask"]),
            happened("first", "attempt", 0, by="llm"),
            happened("first", "reply", 1, accepted=False),
        ),
        at="ask",
    )
    assert drawn(tree_of(told)) == ["ask pending"]


def test_a_long_chain_is_no_deep_recursion() -> None:
    nodes = [node("n0", None, "U user", "")]
    nodes += [node(f"n{i}", f"n{i - 1}", "A llm", "") for i in range(1, 5000)]
    told = Chain(
        runs=chain().runs[:1],
        nodes=tuple(nodes),
        events=(happened("first", "start", 0, nodes=[each.id for each in nodes]),),
    )
    assert len(tree_of(told).lines) == 5000


def test_nothing_ran() -> None:
    assert tree_of(Chain()) == ChainTree()


def test_where_another_run_took_over_is_nothing_left() -> None:
    told = chain(writing=False)
    nodes = (*told.nodes, node("more", "reply", "U user", "Go on", run="third"))
    events = (
        *told.events,
        happened("third", "start", 90, nodes=["more"]),
        happened("third", "attempt", 90, by="llm"),
    )
    third = told.runs[0].model_copy(update={"id": "third", "root": "third"})
    gone_on = told.model_copy(
        update={"nodes": nodes, "events": events, "runs": (*told.runs, third), "at": "more"}
    )
    assert drawn(tree_of(gone_on))[-2:] == ["reply accepted", "more asks llm"]
