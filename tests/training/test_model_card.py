"""The model card says what the sidecars state."""

from models.artefact import read_sidecar, sidecar_path
from models.catalogue import model_path
from models.frontend import KINDS
from training.model_card import CARD_PATH, render


def test_the_card_that_ships_is_the_one_the_sidecars_make() -> None:
    sidecars = [read_sidecar(sidecar_path(model_path(kind))) for kind in KINDS]
    assert CARD_PATH.read_text("utf-8") == render(sidecars)


def test_the_card_credits_every_source_and_states_the_figures() -> None:
    card = CARD_PATH.read_text("utf-8")
    for kind in KINDS:
        sidecar = read_sidecar(sidecar_path(model_path(kind)))
        assert all(f"- {credit}" in card for credit in sidecar.attributions)
        assert f"{sidecar.metrics['dev']['accuracy']:.1%}" in card
