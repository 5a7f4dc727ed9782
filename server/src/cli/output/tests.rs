//! What the formats print for one small file.
