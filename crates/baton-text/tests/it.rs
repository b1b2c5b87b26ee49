//! Tests of the text room.

mod it {
    mod cleaning;
    mod dump;
    mod evaluation;
    mod facts;
    mod house;
    mod promises;
    mod published;
}
