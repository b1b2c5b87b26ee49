//! Tests of the text room.

mod it {
    mod cleaning;
    mod evaluation;
    mod house;
    mod published;
}
