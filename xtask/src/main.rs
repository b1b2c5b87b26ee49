//! Prints every breach of the house rules, rule by rule; ends with failure when there is one.

use std::process::ExitCode;
use xtask::{House, rules, told};

fn main() -> ExitCode {
    let house = House::here();
    let mut broken = 0;
    for (name, rule) in rules::ALL {
        let breaches = told(rule(&house));
        if !breaches.is_empty() {
            broken += 1;
            println!("✗ {name}\n{breaches}");
        } else {
            println!("✓ {name}");
        }
    }
    if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
