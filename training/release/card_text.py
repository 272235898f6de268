"""The words of the model card and of the README's figures; the numbers come from the sidecars."""

from timbrescope.training.measures.calibration import (
    FALSE_ANSWERS_PER_MINUTE,
    WANTED_PRECISION,
    WANTED_PRECISION_WITH_BACKGROUND,
)

HEAD = """# Model card

Written by `timbrescope-train card` from the sidecars beside this file.

Each model names the most likely of 28 instruments in a 3-second window of one instrument playing
alone; the networks also say what in the sound speaks for it. The figures below are on real
recordings from sources that no model ever heard, and they are far from the 97 % that a random split
of one corpus would show.

**Not for** mixtures of instruments, for instruments outside the 28 (some are named after
something else, see the false answers below), or for any decision that matters.
"""

READING = """
*Top-1*, *macro recall* and *top-3* are per file: an answer is the mean over a file's windows, each
weighted by the sound that it adds. The brackets hold 95 % intervals over resamples of whole
sources; two models whose brackets overlap may still differ, as they heard the same files.

*Named* is the share of the files that get an instrument's name rather than *not sure* or *quiet*,
and behind the dot stands the share of these names that are right. Notes and phrases stand apart
below.

*False answers* are 3-second windows of noise, speech or other instruments that the app would give
an instrument's name, per minute of sound (20 windows) and at the threshold that ships; a part of
a window counts as a whole one. *ECE* is the calibration error of the windows of instruments.
*AUROC* is the chance that such a window scores above a window of noise or speech, or of another
instrument; *FPR* is the share of those that pass where 95 % of the windows of instruments pass.
The score is the probability of all instruments together, for models without a background that of
the likeliest one. Quiet windows are left out of these three.
"""

METHOD = f"""
All models learned from 3-second windows made in the same way: performances of single notes, hits
and phrases, degraded by random speed, rooms, responses, noise, bandwidth and codecs, and were
calibrated on whole held-out groups (a group is what one source recorded of one class). The paper's
models were stopped and calibrated on one fold of the groups. For the flagship, runs without each of
the folds decide how far training goes, the temperature and the limits, and the run that ships then
learns from every group; its figures on held-out windows are those of the other runs. *Not sure*
begins where at most {FALSE_ANSWERS_PER_MINUTE} windows a minute of held-out noise and speech are
called an instrument and {WANTED_PRECISION:.0%} of the claims are right, or
{WANTED_PRECISION_WITH_BACKGROUND:.0%} for the flagship, which knows a background: there two limits
see to that, one on the probability of all instruments together and one on that of the likeliest;
without a background, the second has to do both. Each sidecar states the rule of its model.

- The flagship: the convolutions of YAMNet (MobileNet v1; weights by Google, Apache-2.0, trained on
  AudioSet) on log-mel magnitudes, with a head that is linear in the averages of four of its maps
  over the frames that sound. The head was fitted first, then everything was trained gently, and the
  weights that ship lie on the straight way between the two, at the share where held-out groups have
  the highest macro recall. It knows "none of the 28" as a class whose logit is zero: its
  probabilities add up to less than one, and the remainder is what it holds of that. It learned from
  labels and, where its settings say so, from another AudioSet tagger's answers to the clean
  windows.
- The two CNNs of Senatori & Nardone (Information 2025, 16, 864): three blocks of convolution, batch
  normalisation and pooling, global average pooling, dense 128, dense 28; 113,692 parameters; Adam,
  balanced class weights, early stopping.
- Their three classical models read the mean of 40 MFCCs over the window, standardised with mean and
  deviation of the training windows: logistic regression (at most 1000 iterations, balanced class
  weights), the 5 nearest neighbours weighted by distance, a random forest of 200 trees.

## Limits

- The held-out windows of Accordion, Harmonica and Harmonium come from soundfonts, as there are no
  two real groups of them to hold out; noises and rooms that surround held-out windows may have
  surrounded others in training.
- Accordion, Harmonica and Harmonium were learned almost only from soundfonts or one instrument;
  Dobro, Mandolin and Ukulele from one or two sources. Expect them to be the weakest.
- Only the flagship has a class for noise, speech and other instruments. For the other models the
  level gate and the threshold are all that stands between them and an answer.
- The classical models hear the mean timbre of a window only, neither attack nor rhythm, and give
  no evidence for their answers. They are here to be compared with.
"""

EVIDENCE = """Deletion lowers cells of the spectrogram to the floor of their bands, in the order of
their evidence, and measures the area under the answer's probability as more of them go: less is
better. Insertion keeps these cells alone: more is better. A map that does not beat *loudest first*
says nothing that the spectrogram does not say. *Grad-CAM* is the paper's way, on the network's last
map.
"""

SIZE = """A file that ships is smaller than 10 MB. The figures are on the held-out windows; where
something was cut they are given before and after. A split of the forest takes nine bytes; as
skl2onnx writes forests, this one would take 313 MB.
"""

ORIENTATION = """For orientation, measured on another set of 420 recordings from 68 sources (not
this one):
"""

CONFUSIONS = """For every class of the dev split with a wrong answer, worst first: the instrument
that it is taken for most often and how many times, whether named or *not sure*, and recordings that
this happens to, by their place in their source, the surest first.
"""

MISTAKEN = """What is none of the 28 and named as one of them, file by file:
"""
