"""The flagship: a residual network of ours that learns from labels and from a teacher."""
