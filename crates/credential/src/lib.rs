//! Open Badges 3.0 and W3C Verifiable Credentials, pure: no I/O, no clock, no randomness.
