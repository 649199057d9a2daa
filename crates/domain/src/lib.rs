//! The rules of Cairn: given facts, what may happen next? Pure: no I/O, no clock, no randomness.
