//! Workbooks out and in, as people and attackers send them.

mod it {
    pub mod hostile;
    pub mod office;
    pub mod mistakes;
    pub mod out;
    pub mod sample;
}
