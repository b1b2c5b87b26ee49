//! Each rule over this repository.

use xtask::{House, rules, told};

/// Fails with every breach, one a line.
fn holds(rule: fn(&House) -> Vec<xtask::Breach>) {
    let house = House::here();
    assert!(house.has("crates/baton-kernel/src/lib.rs"), "the repository was not found");
    let breaches = told(rule(&house));
    assert!(breaches.is_empty(), "\n{breaches}");
}

#[test]
fn methods_text_and_kernel_do_no_io() {
    holds(rules::purity::breaches);
}

#[test]
fn only_decide_makes_an_entry_and_nothing_changes_one() {
    holds(rules::ledger::breaches);
}

#[test]
fn sql_stands_only_in_the_store() {
    holds(rules::sql::breaches);
}

#[test]
fn renderers_never_see_the_zone() {
    holds(rules::lenses::breaches);
}

#[test]
fn renderers_compute_no_number() {
    holds(rules::numbers::breaches);
}

#[test]
fn no_key_of_a_blueprint_is_named_in_rust() {
    holds(rules::keys::breaches);
}

#[test]
fn no_order_depends_on_a_hash_map() {
    holds(rules::order::breaches);
}

#[test]
fn every_bound_has_its_name_in_limits() {
    holds(rules::bounds::breaches);
}

#[test]
fn every_message_exists_in_both_languages_and_is_used() {
    holds(rules::messages::breaches);
}

#[test]
fn crate_edges_are_those_of_the_architecture() {
    holds(rules::edges::breaches);
}

#[test]
fn what_the_architecture_names_exists_and_every_module_says_what_it_is_for() {
    holds(rules::places::breaches);
}

#[test]
fn nothing_of_third_parties_lies_in_the_repository() {
    holds(rules::places::foreign);
}

#[test]
fn nobody_is_ranked_checked_in_or_counted_by_traces() {
    holds(rules::burden::breaches);
}

#[test]
fn no_sentence_of_the_shared_texts_is_copied() {
    holds(rules::own_words::breaches);
}

#[test]
fn every_dependency_has_a_licence_that_is_allowed() {
    holds(rules::licences::breaches);
}

#[test]
fn every_rule_is_in_the_list_that_xtask_prints() {
    assert_eq!(rules::ALL.len(), 15);
}
