//! What the store promises, tried from outside.

mod it {
    pub mod bench;
    mod contract;
    mod damage;
    mod delivery;
    mod disk;
    mod keeping;
    mod kill;
    mod signing_in;
}
