//! Tests of the text room.

mod it {
    mod attached;
    mod cleaning;
    mod evaluation;
    mod facts;
    mod garbling;
    mod house;
    mod promises;
    mod published;
}
