//! The pages in process with several callers, and the serve loop with clients that misbehave.

mod it {
    mod absent;
    mod administration;
    mod bodies;
    mod cells;
    mod conduct;
    mod desk;
    mod district;
    mod doors;
    mod hidden;
    mod items;
    mod live;
    mod markup;
    mod matrix;
    mod pages;
    mod public;
    mod reports;
    mod sockets;
    mod tasks;
    mod zone;
}
