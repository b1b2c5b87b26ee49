//! Items as shown: lists with chosen columns, and one item with everything about it.

mod cells;
mod clocks;
mod evidence;
mod growth;
mod links;
mod list;
mod next;
mod page;
mod plan;
mod problems;

pub use cells::{ListCell, ListColumn, ListRow, SortKey, column, columns_of, main_measure, offered, row};
pub use clocks::ClockShown;
pub use evidence::EvidenceShown;
pub use growth::Against;
pub use links::{ItemNamed, LinkGroup, Linked};
pub use list::{ChoiceFilter, ColumnGroup, ItemFilter, ItemList, list};
pub use next::NextStep;
pub(crate) use page::is_none_said;
pub use page::{FieldShown, ItemPage, MeasureShown, NextStage, StageShown, TargetShown, curve_words, item};
pub use plan::{Plan, PlanRow};
pub use problems::{ProblemOpen, ProblemShown};
