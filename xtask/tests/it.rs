//! The house rules over this repository, and proof that each of them can fail.

mod it {
    mod made_up;
    mod ours;
}
