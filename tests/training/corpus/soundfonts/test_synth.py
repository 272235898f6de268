import itertools
import struct
from pathlib import Path

import mido
import numpy as np
import pytest

from timbrescope.training.corpus.soundfonts import synth
from timbrescope.training.corpus.soundfonts.render import compose, compose_notes
from timbrescope.training.corpus.soundfonts.synth import midi_file, presets_of, run_synth
from timbrescope.training.corpus.soundfonts.voices import Voice
from timbrescope.training.packages.fetch import PackageError
from timbrescope.training.playing.melodies import NoteEvent


def _times_s(file: mido.MidiFile) -> list[tuple[float, str]]:
    now, found = 0.0, []
    for message in file:
        now += message.time
        found.append((round(now, 3), message.type))
    return found


def test_notes_become_midi_at_their_times() -> None:
    file = midi_file([NoteEvent(0.5, 0.25, 60, 90)])
    assert (0.5, "note_on") in _times_s(file)
    assert (0.75, "note_off") in _times_s(file)


def test_a_repeated_key_is_let_go_before_it_is_struck_again() -> None:
    file = midi_file([NoteEvent(0.0, 0.5, 60, 90), NoteEvent(0.5, 0.5, 60, 90)])
    kinds = [kind for time_s, kind in _times_s(file) if time_s == 0.5]
    assert kinds == ["note_off", "note_on"]


def test_phrases_follow_each_other_without_overlap() -> None:
    voice = Voice(0, 73, "wind", 60, 94)
    phrases = list(compose(voice, count=5, rng=np.random.default_rng(1)))
    assert len(phrases) == 5
    for first, second in itertools.pairwise(phrases):
        assert first.end_s == second.start_s
    assert all(p.events for p in phrases)


def test_presets_are_read_from_the_header(tmp_path: Path) -> None:
    def header(name: bytes, program: int, bank: int) -> bytes:
        return name.ljust(20, b"\0") + struct.pack("<HHHIII", program, bank, 0, 0, 0, 0)

    body = header(b"Flute", 73, 0) + header(b"Kit", 8, 128) + header(b"EOP", 0, 0)
    font = tmp_path / "font.sf2"
    font.write_bytes(b"RIFF....phdr" + struct.pack("<I", len(body)) + body)
    assert presets_of(font) == {(0, 73), (128, 8)}


def test_what_is_no_soundfont_is_refused(tmp_path: Path) -> None:
    (tmp_path / "font.sf2").write_bytes(b"RIFF")
    with pytest.raises(PackageError, match="preset headers"):
        presets_of(tmp_path / "font.sf2")
    with pytest.raises(PackageError, match="cannot read"):
        presets_of(tmp_path / "gone.sf2")


def test_a_missing_synthesiser_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synth, "presets_of", lambda _: frozenset())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PackageError, match="'fluidsynth' is not installed"):
        run_synth(tmp_path / "a.mid", font=tmp_path / "f.sf2", sound=tmp_path / "a.wav")


def test_a_broken_soundfont_does_not_pass_for_silence(tmp_path: Path) -> None:
    midi_file([NoteEvent(0.0, 0.2, 60, 90)]).save(tmp_path / "a.mid")
    (tmp_path / "f.sf2").write_bytes(b"no font")
    with pytest.raises(PackageError, match="preset headers"):
        run_synth(tmp_path / "a.mid", font=tmp_path / "f.sf2", sound=tmp_path / "a.wav")


def test_notes_alone_are_spread_over_the_register() -> None:
    voice = Voice(0, 21, "accordion", 53, 88)
    notes = list(compose_notes(voice, rng=np.random.default_rng(1)))
    assert all(len(note.events) == 1 for note in notes)
    keys = [note.events[0].key for note in notes]
    assert keys == sorted(keys)
    assert keys[0] <= 57
    assert keys[-1] >= 84
    for first, second in itertools.pairwise(notes):
        assert first.end_s == second.start_s


def test_hits_alone_strike_every_key() -> None:
    voice = Voice(128, 0, "hits", keys=(42, 44, 46))
    hits = list(compose_notes(voice, rng=np.random.default_rng(1)))
    assert {hit.events[0].key for hit in hits} == {42, 44, 46}
