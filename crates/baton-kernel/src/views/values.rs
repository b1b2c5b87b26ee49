//! Values of measures at a cut: as given, to date, by unit and in total.
