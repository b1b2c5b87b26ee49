//! Tests of the stories room.

mod it {
    mod blueprint;
    mod demo;
    mod stories;
}
