//! Integration tests, one file per behaviour.
