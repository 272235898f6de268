"""The ground floor: instruments, front end, ONNX artefacts, classifier and heatmaps.

Imports NumPy, SciPy and onnxruntime only, so that everything above it (the desktop, the
trainers, a user's script) computes the same numbers from the same code.
"""
