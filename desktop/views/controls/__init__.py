"""What is chosen: the input and the model."""
