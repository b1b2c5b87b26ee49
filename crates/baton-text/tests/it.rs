//! Tests of the text room.

mod it {
    mod cleaning;
    mod house;
}
