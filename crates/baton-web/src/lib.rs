//! Pages over the nouns: sign-in and sessions policy, the serve loop, and every page of the quarterly round.
//!
//! [`App`] holds what the pages are given; [`serve()`] answers on a listener. Handlers see `Seen` and views,
//! never `Zone`; every route is declared once in [`routes::table`], with who may ask it and what it takes.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod account;
mod answers;
mod app;
mod assets;
mod audits;
mod batches;
mod blocks;
mod blueprints;
mod burden;
mod compliance;
mod cookies;
mod doors;
mod drafts;
mod duties;
mod faults;
mod feedback;
mod figures;
mod forms;
mod given;
mod grid;
mod home;
mod instructions;
mod items;
pub mod limits;
mod live;
mod marks;
mod meeting_papers;
mod meetings;
mod mistakes;
mod notices;
mod paper;
mod papers;
mod people;
mod posts;
mod proposals;
mod public;
mod refusals;
mod review;
mod rights;
mod rounds;
pub mod routes;
mod screens;
mod search;
mod secrecy;
mod serve;
mod shell;
mod sockets;
mod speeches;
mod streams;
mod submissions;
mod system;
mod task;
mod task_drafts;
mod task_sheets;
mod tasks;
mod texts;
mod unit_page;
mod units;
mod uploads;
mod venues;
mod visit;
mod workbooks;

pub use account::{Mail, is_address};
pub use app::{App, Transport, Typesetter};
pub use given::Takes;
pub use limits::Limits;
pub use review::sheet as review_sheet;
pub use routes::router;
pub use serve::{Peer, serve};
