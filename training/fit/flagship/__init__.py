"""The flagship: a pretrained network that learns our instruments from labels and a teacher."""
