"""The chat template is the model's or a named one; jinja2 renders what llama.cpp does not know."""

from __future__ import annotations

import sys

import pytest

from llama_ctypes._commands.session import CommandError, Session
from llama_ctypes._commands.template import select_template
from tests.llama_ctypes.commands.fake_llama import FakeLlama

MESSAGES = [("user", "hi"), ("assistant", "ho"), ("user", "<&>")]


@pytest.fixture
def opened(fake: FakeLlama) -> Session:
    return Session("model.gguf", threads=1)


def test_it_is_the_models_or_the_one_that_is_named(fake: FakeLlama, opened: Session) -> None:
    for name in (None, "chatml"):
        assert select_template(opened, name)(MESSAGES) == b"<u:hi><a:ho><u:<&>>?"
    with pytest.raises(
        CommandError, match="cannot apply the template 'nonsense'; choose one with --template: chatml"
    ):
        select_template(opened, "nonsense")
    fake.template = None
    with pytest.raises(CommandError, match="the model has no chat template; choose one with --template"):
        select_template(opened, None)


def test_without_jinja2_the_error_names_it(
    fake: FakeLlama, opened: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.template = b"{{ messages }}"
    for name in [name for name in sys.modules if name.partition(".")[0] == "jinja2"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(
        CommandError,
        match="cannot apply the model's own template; install jinja2, which can, or choose one with "
        "--template: chatml",
    ):
        select_template(opened, None)


# What the templates of models use: Jinja's statements, jinja2's loop controls, transformers' functions.
# fmt: off
TEMPLATES = {
    b"{{ bos_token }}{{ eos_token }}{% for m in messages %}[{{ m.role }}]{{ m['content'] }}\n"
    b"{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}":
    b"^[user]hi[assistant]ho[user]<&>[assistant]",
    b"  {% for m in messages %}\n  {% if m.role != 'user' %}\n  {% continue %}\n  {% endif %}\n"
    b"{{ m.content }}|{% endfor %}": b"hi|<&>|",
    b"{{ messages[-1] | tojson }}": b'{"role": "user", "content": "<&>"}',
    b"{{ strftime_now('%%') }}{% if tools %}tools{% endif %}": b"%",
}
# fmt: on


@pytest.mark.parametrize("source", TEMPLATES)
def test_jinja2_renders_a_template_that_llama_cpp_does_not_know(
    fake: FakeLlama, opened: Session, source: bytes
) -> None:
    pytest.importorskip("jinja2")
    fake.template = source
    assert select_template(opened, None)(MESSAGES).replace(b"\n", b"") == TEMPLATES[source]


def test_the_first_token_is_not_doubled(fake: FakeLlama, opened: Session) -> None:
    """`tokenize` adds it, if the model wants it, and the template contains it."""
    pytest.importorskip("jinja2")
    fake.template = b"{{ bos_token }}{{ messages[0].content }}"
    assert select_template(opened, None)([("user", "^x")]) == b"^^x"
    fake.add_bos = True
    assert select_template(opened, None)([("user", "^x")]) == b"^x"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (
            "{% if messages[0].role == 'system' %}{{ raise_exception('no system\nrole') }}{% endif %}x",
            "no system role",
        ),
        ("{% for %}", "Expected an expression"),
        ("{{ messages[0].content + 1 }}", "can only concatenate str"),
        # A model is a file from somewhere: its template must not reach Python.
        ("{{ messages.__class__.__mro__ }}{{ messages.__class__.__mro__[1].__subclasses__() }}", "unsafe"),
        ("{{ messages.append(1) }}", "unsafe"),
    ],
)
def test_a_template_that_fails_is_one_line(
    fake: FakeLlama, opened: Session, source: str, reason: str
) -> None:
    pytest.importorskip("jinja2")
    fake.template = source.encode()
    with pytest.raises(CommandError) as error:
        select_template(opened, None, "a system message")
    assert "jinja2 cannot apply the model's own template (" in str(error.value)
    assert reason in str(error.value)
    assert str(error.value).endswith("; choose one with --template: chatml")
    assert "\n" not in str(error.value)
