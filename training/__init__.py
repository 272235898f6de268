"""Builds corpora and models, and exports them as ONNX into ``models/``."""
