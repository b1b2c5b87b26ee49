//! Workbooks out and in, as people and attackers send them.

mod it {
    pub mod hostile;
    pub mod mistakes;
    pub mod office;
    pub mod out;
    pub mod parts;
    pub mod sample;
}
