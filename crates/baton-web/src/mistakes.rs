//! Mistakes: everything that is wrong with a form, collected before anything is asked for.

use crate::faults::Fault;
use crate::visit::Visit;
use baton_kernel::Refusal;

/// What is wrong so far, in the order of the form.
#[derive(Default)]
pub(crate) struct Mistakes(Vec<Refusal>);

impl Mistakes {
    /// What was given, or none with the mistake kept.
    pub(crate) fn take<T>(&mut self, given: Result<T, Refusal>) -> Option<T> {
        given.map_err(|mistake| self.0.push(mistake)).ok()
    }

    /// A text that must be given, by the name of its field; its label is `page.field.NAME`.
    pub(crate) fn needed(&mut self, v: &Visit, name: &str) -> String {
        let text = v.text(name);
        if text.is_empty() {
            self.0.push(empty(v, name));
        }
        text
    }

    /// A list that must not be empty.
    pub(crate) fn some<T>(&mut self, v: &Visit, name: &str, list: &[T]) {
        if list.is_empty() {
            self.0.push(empty(v, name));
        }
    }

    /// Nothing when nothing is wrong, else all of it at once.
    pub(crate) fn end(self) -> Result<(), Fault> {
        if self.0.is_empty() { Ok(()) } else { Err(Fault::Wrong(self.0)) }
    }
}

/// A field that must be filled is empty.
pub(crate) fn empty(v: &Visit, name: &str) -> Refusal {
    let label = v.say(&format!("page.field.{name}"), &[]);
    Refusal::wrong("text.empty", &[("field", &label)]).at(name)
}
