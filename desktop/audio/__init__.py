"""Sound in: devices, capture, ring buffer, resampling, decoding. No Qt in here."""
