"""A trained model becomes a checked, calibrated ONNX file with its sidecar."""
