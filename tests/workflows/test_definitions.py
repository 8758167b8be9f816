"""Workflow files: what is refused, the tutorial, and steps in Python."""

import asyncio
import re
import sys
from pathlib import Path

import pytest
import yaml

from mojodex_tui.backend.assistants.step_checks import bad_prompts, unknown_python_steps
from mojodex_tui.backend.assistants.step_runs import StepRunner, works_of
from mojodex_tui.backend.catalog.files import SHIPPED_WORKFLOWS, read_catalog, read_task_file
from mojodex_tui.backend.catalog.format import TaskFile
from mojodex_tui.backend.domain.workflows import StepFailed
from mojodex_tui.backend.engine.engine import Engine
from mojodex_tui.backend.llm.offline.assistant import OfflineAssistant
from mojodex_tui.backend.llm.port import Llm
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from tests.engine.memory_log import MemoryLog
from tests.workflows.test_shipped_steps import call_of

PAGE = (Path(__file__).parents[2] / "docs" / "workflows.md").read_text("utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def runner(task: TaskFile, llm: Llm) -> StepRunner:
    async def source() -> Llm:
        return llm

    return StepRunner(Engine(MemoryLog()), source, works_of([task]))


@pytest.fixture
def talk(tmp_path: Path) -> TaskFile:
    (tmp_path / "talk.yaml").write_text(block("yaml"), "utf-8")
    task, problems = read_task_file(tmp_path / "talk.yaml")
    assert problems == ()
    assert task is not None
    return task


def test_the_workflow_of_the_tutorial_runs(talk: TaskFile) -> None:
    call = call_of(talk, 1, {"message": "Plan ahead"})
    llm = ScriptedLlm(titles=['{"items": [{"point": "Begin", "minutes": 2}]}'])
    (item,) = asyncio.run(runner(talk, llm).run(call)).items
    assert item == {"point": "Begin", "minutes": 2.0}
    assert "lead to this message: Plan ahead" in llm.asked[0].prompt[0].text
    with pytest.raises(StepFailed, match=r"'minutes'"):
        asyncio.run(runner(talk, llm).run(call_of(talk, 2, {"point": "Begin"})))


def test_a_step_of_ones_own_says_that_it_needs_a_model(talk: TaskFile) -> None:
    with pytest.raises(StepFailed, match="needs a model"):
        asyncio.run(
            runner(talk, OfflineAssistant(pace=0)).run(call_of(talk, 1, {"message": "Plan"}))
        )


def test_the_python_step_of_the_tutorial_runs_from_an_installed_package(
    talk: TaskFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "installed"
    about = package / "my_steps-1.dist-info"
    about.mkdir(parents=True)
    (package / "my_steps.py").write_text(block("python"), "utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: my-steps\nVersion: 1\n", "utf-8")
    points = "[mojodex_tui.workflow_steps]\ncount_words = my_steps:count_words\n"
    (about / "entry_points.txt").write_text(points, "utf-8")
    content = talk.model_dump(mode="json", exclude_none=True)
    content["steps"][0]["work"] = {"python": "count_words"}
    content["steps"][1]["work"] = {"python": "missing"}
    counting = TaskFile.model_validate(content)
    performer = runner(counting, OfflineAssistant(pace=0))
    monkeypatch.syspath_prepend(str(package))
    (item,) = asyncio.run(performer.run(call_of(counting, 0, {"a": "b"}))).items
    assert item == {"count": "2"}
    with pytest.raises(StepFailed, match="'missing', which is not installed"):
        asyncio.run(performer.run(call_of(counting, 1, {})))
    sys.modules.pop("my_steps", None)


def test_the_shipped_prompts_name_only_what_they_are_given() -> None:
    catalog = read_catalog(SHIPPED_WORKFLOWS)
    assert (bad_prompts(catalog), unknown_python_steps(catalog)) == ((), ())


@pytest.mark.parametrize(
    ("index", "prompt", "reason"),
    [
        (0, "About {{ inputs.subject", "the prompt is no template: line 1: "),
        (0, "{{ inputs.subject | shout }}", "No filter named 'shout'"),
        (0, "About {{ inputs.topic }}", "no attribute 'topic'"),
        (1, "{{ parameter.subject }}", "no attribute 'subject'"),
        (1, "{{ parametre.message }}", "'parametre' is undefined"),
        (2, "{% for each in past %}{{ each.result[0].word }}{% endfor %}", "attribute 'word'"),
        (2, "{% for each in learned %}{{ each.asked }}{% endfor %}", "no attribute 'asked'"),
    ],
)
def test_prompts_are_filled_with_samples(
    tmp_path: Path, index: int, prompt: str, reason: str
) -> None:
    content = yaml.safe_load(block("yaml"))
    content["steps"][index]["work"]["prompt"] = prompt
    (tmp_path / "talk.yaml").write_text(yaml.safe_dump(content), "utf-8")
    (problem,) = bad_prompts(read_catalog(tmp_path))
    assert (problem.file, problem.key) == ("talk.yaml", f"steps[{index}].work")
    assert reason in problem.reason


@pytest.mark.parametrize("tone", ["plain", "warm", "short"])
def test_prompts_are_filled_with_every_choice(tmp_path: Path, tone: str) -> None:
    content = yaml.safe_load(block("yaml"))
    choices = [{"value": each, "displayed_text": each} for each in ("plain", "warm", "short")]
    tones = {
        "type": "drop_down_list",
        "input_name": "tone",
        "description_for_user": "Which tone?",
        "description_for_system": "The tone",
        "possible_values": choices,
    }
    for words in content["task_displayed_data"]:
        words["json_input"].append(tones)
    prompt = f"{{% if inputs.tone == '{tone}' %}}{{{{ inputs.topic }}}}{{% endif %}}"
    content["steps"][1]["work"]["prompt"] = prompt
    (tmp_path / "talk.yaml").write_text(yaml.safe_dump(content), "utf-8")
    (problem,) = bad_prompts(read_catalog(tmp_path))
    assert "no attribute 'topic'" in problem.reason


def test_a_python_step_that_is_not_installed_is_told_and_its_items_may_be_anything(
    tmp_path: Path,
) -> None:
    content = yaml.safe_load(block("yaml"))
    content["steps"][0]["work"] = {"python": "missing"}
    content["steps"][1]["work"]["prompt"] = "{{ parameter.whatever }}"
    (tmp_path / "talk.yaml").write_text(yaml.safe_dump(content), "utf-8")
    catalog = read_catalog(tmp_path)
    assert bad_prompts(catalog) == ()
    (problem,) = unknown_python_steps(catalog)
    assert str(problem) == "talk.yaml: steps[0].work: the Python step 'missing' is not installed"


@pytest.mark.parametrize(
    ("work", "key", "reason"),
    [
        ({"fields": []}, "steps[0].work.prompt", "either a prompt or a python step"),
        ({"prompt": "Do", "python": "x"}, "steps[0].work.prompt", "either a prompt or"),
        ({"prompt": "Do"}, "steps[0].work.fields", "needs at least one field"),
        (
            {"prompt": "Do", "fields": [{"name": "a", "description": "b"}] * 2},
            "steps[0].work.fields",
            "the name 'a' stands twice",
        ),
        (
            {"prompt": "Do", "fields": [{"name": "a", "kind": "date", "description": "b"}]},
            "steps[0].work.fields[0].kind",
            "must be one of",
        ),
        ({"python": "x", "items": "many"}, "steps[0].work.fields", "no meaning"),
        ({"promt": "Do"}, "steps[0].work.promt", "is no key of a task file"),
    ],
)
def test_what_is_wrong_is_told_and_stops_no_other(
    tmp_path: Path, work: object, key: str, reason: str
) -> None:
    content = yaml.safe_load(block("yaml"))
    content["steps"][0]["work"] = work
    (tmp_path / "talk.yaml").write_text(yaml.safe_dump(content), "utf-8")
    catalog = read_catalog(SHIPPED_WORKFLOWS, tmp_path)
    assert len(catalog.tasks) == 4
    told = {problem.key: problem for problem in catalog.problems}
    assert told[key].file == "talk.yaml"
    assert reason in told[key].reason
