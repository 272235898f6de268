"""The limits of what is read from outside: each one named, with its unit and its reason.

Nothing that a user is handed (a sound file, a model, its sidecar, settings, a manifest) may cost
more memory or time than these allow, whatever it claims about itself. What exceeds one is refused
with a message that quotes the value found and the limit.
"""

# -- model files ---------------------------------------------------------------------------------

# The largest model that ships has 6 MB. ONNX Runtime holds a graph about three times while it
# opens it, so 100 MB keep well below 1 GB of memory.
MODEL_BYTES = 100_000_000
# The largest sidecar that ships has 22 kB, most of it figures.
SIDECAR_BYTES = 1_000_000
# Sidecars that ship nest 5 deep. Python's JSON reader recurses, and so does whoever walks it.
JSON_DEPTH = 20
# Digits of a number in JSON: 64-bit integers have 19, doubles 17. More is no measurement, and
# turning digits into an integer takes quadratic time.
JSON_NUMBER_CHARACTERS = 40
# Characters of a title, a version, a licence: what is shown in one line or one tooltip.
SIDECAR_TEXT_CHARACTERS = 2_000
# Softer or sharper than this no calibration makes logits; dividing by less overflows.
TEMPERATURE_RANGE = (1e-3, 1e3)
# 24-bit sound cannot go below -144 dBFS, and nothing recorded exceeds full scale.
QUIET_DBFS_RANGE = (-200.0, 0.0)
# Control flow nests graphs: a branch in a loop in a branch. Protocol buffers end at 100.
GRAPH_DEPTH = 60
# Fields of an ONNX file that are looked at one by one, about a million a second; models that
# ship have up to 20,000.
GRAPH_PARTS = 3_000_000
# Rows and columns of a map of evidence, and values of an embedding: more shows nothing.
MAP_CELLS_A_SIDE = 1_024
EMBEDDING_VALUES = 65_536
# A window arrives every 200 ms and takes 3 to 60 ms; one that takes this long never ends.
WINDOW_DEADLINE_S = 5.0
# An own model is first tried in a process of its own, within this much computing, time and memory.
# Python and ONNX Runtime take 1 s and 150 MB of it; the time is for computers that are busy.
TRIAL_PROCESSOR_S = 10
TRIAL_DEADLINE_S = 60.0
TRIAL_MEMORY_BYTES = 1_000_000_000

# -- sound files -----------------------------------------------------------------------------------

# Below telephone quality nothing of an instrument is left; no converter is faster than this.
SAMPLE_RATE_RANGE_HZ = (4_000, 768_000)
# Ambisonics of the seventh order and the largest mixing desks have 64.
CHANNELS = 64
# Before the first sample; the largest pictures in tags have some 10 MB.
OPENING_BYTES = 100_000_000
# Of the temporary file that an Ogg file is written to which FFmpeg refuses: 3 h of mono sound.
READ_AGAIN_BYTES = 2_000_000_000
# Frames times channels that are held at once: 32 MB as float32.
BLOCK_SAMPLES = 8_000_000
# Samples of a packet, on average: the shortest of any codec have 40. Each costs as much as a long
# one, so that what is cut into single samples takes longer than it lasts.
PACKET_SAMPLES = 16
# Of full scale. Larger values are other numbers read as floats, and overflow when squared.
SAMPLE_MAGNITUDE = 1e15
# The sparsest sound that any format stores, silence in FLAC or Opus, takes about 25 bytes a
# second. What gives far more seconds than its bytes pay for was made to waste time ...
LEAST_BYTES_PER_S = 8
# ... beyond this, for headers outweigh the sound of short files.
FREE_S = 60.0
# Where time stamps say that sound is missing, silence stands for it, at most this long at once.
GAP_S = 60.0
