//! Twenty kinds of mistakes.
