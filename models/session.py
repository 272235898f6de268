"""Sessions of ONNX Runtime: how a graph is opened and run."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timbrescope.models.artefact import Artefact
from timbrescope.models.deadline import RunWatch
from timbrescope.models.errors import ModelFileError
from timbrescope.models.graph_check import check_signature
from timbrescope.models.limits import WINDOW_DEADLINE_S

if TYPE_CHECKING:
    import onnxruntime

_RUNS = RunWatch()
_WEIGHTS_FOLDER = "session.model_external_initializers_file_folder_path"
# A folder that cannot be there: its parent is a file.
_NO_FOLDER = Path(__file__) / "none"
_FATAL_ONLY = 4


def session_options() -> "onnxruntime.SessionOptions":
    """Return the options of a session that idles cheaply beside a live display.

    The runtime's defaults keep every core spinning between windows, about 37 % of a core at
    ten windows a second; these use about 2 % for the same answers.
    """
    # Imported with the first model, not with the window that waits for none.
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    # Bytes are what a sidecar vouches for: another format, and weights of other files, are not.
    options.add_session_config_entry("session.load_model_format", "ONNX")
    options.add_session_config_entry(_WEIGHTS_FOLDER, str(_NO_FOLDER))
    # What fails is raised as well, and told there in our words.
    options.log_severity_level = _FATAL_ONLY
    return options


def open_session(artefact: Artefact) -> "onnxruntime.InferenceSession":
    """Return a session of a model's graph.

    Raises
    ------
    ModelFileError
        If the runtime refuses the graph, or its inputs or outputs are not what they should be.
    """
    import onnxruntime

    try:
        session = onnxruntime.InferenceSession(
            artefact.graph, session_options(), providers=["CPUExecutionProvider"]
        )
    # onnxruntime raises a family of undocumented classes below RuntimeError and Exception.
    except Exception as error:
        raise ModelFileError(f"onnxruntime cannot open {artefact.path}: {error}") from error
    try:
        check_signature(session, artefact)
    # Names in a graph are bytes, which the runtime turns into text.
    except UnicodeDecodeError as error:
        raise ModelFileError(f"{artefact.path} holds names that are no text: {error}") from error
    return session


def run_session(
    session: "onnxruntime.InferenceSession",
    outputs: Sequence[str],
    feed: Mapping[str, Any],
    *,
    windows: int = 1,
) -> dict[str, Any]:
    """Return what a graph answers, by the names of its outputs.

    Raises
    ------
    ModelFileError
        If it fails, or takes longer than `limits.WINDOW_DEADLINE_S` for each of the windows fed.
    """
    with _RUNS.limit(WINDOW_DEADLINE_S * windows) as options:
        try:
            answers = session.run(list(outputs), dict(feed), options)
        # As above.
        except Exception as error:
            late = f"no answer to a window within {WINDOW_DEADLINE_S:g} s"
            raise ModelFileError(late if options.terminate else str(error)) from error
    return dict(zip(outputs, answers, strict=True))
