//! Tests of the text room.

mod it {
    mod cleaning;
    mod dump;
    mod evaluation;
    mod house;
    mod published;
}
