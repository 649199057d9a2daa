//! What can be typed after `cairn`.
