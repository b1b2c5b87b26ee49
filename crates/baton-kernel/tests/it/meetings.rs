//! Meetings and papers: planned, held, sealed; what is refused and why.
