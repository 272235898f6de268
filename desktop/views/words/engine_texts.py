"""What engines say in whole sentences, as forms: the view recognises them and translates them.

A sentence that is not listed is shown as the engine says it, in English.
"""

ENGINE_TEXTS = (
    "No signal: the device delivers only zeros. It may be muted, unplugged from its "
    "interface, or this program may not be permitted to use the microphone "
    "(check the system's privacy settings).",
    "No input device found. Connect a microphone (it is looked for again by itself), drop "
    "audio files on the window, or play the demo.",
    "The system's sound does not answer: its sound service hangs, or a driver does. It is asked "
    "again by itself as soon as it comes back; the demo and files work without it.",
    "Listening stopped because of a fault. It is tried again by itself.",
    "{name} is not connected. It is opened as soon as it is back; or choose another input, or "
    "play the demo.",
    "{name} is not connected: listening to {other} instead.",
    "{name} cannot be heard any more; it is opened again by itself.",
    "{name} has gone silent: no sound has arrived for {seconds} s. Was it unplugged? It is "
    "opened again by itself as soon as it is back.",
    "{name} has stopped; it is opened again by itself.",
    "The model was not changed: {why}",
    "Another model answers now ({model}): {why}",
    "No model can answer: {why}",
    "nothing can be played: {why}",
    "Too loud: the input is clipping, and answers suffer. Turn its gain down, or move away from "
    "the microphone.",
    "Sound is being lost on its way from the device. Close other programs that use sound, or "
    "choose another input or a lower sample rate.",
    "This computer is too busy to answer five times a second. Close other programs, end the "
    "comparison of models, or choose a smaller model.",
    "{share} of unseen recordings",
    "{model}: {share} of {count} real recordings from sources it never heard were named right "
    "(macro recall {recall})",
    "paused, {time}",
    "no sound arrived, {time}",
    "another source: {name}, {time}",
    "another source, {time}",
    "another model: {name}",
)
