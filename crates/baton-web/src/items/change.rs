//! Changes of an item: its own data, its stage, its withdrawal.

use super::new::fields_given;
use super::{at_field, show, unit_in};
use crate::answers::Answer;
use crate::visit::{Visit, or_again};
use baton_kernel::Act;
use std::sync::Arc;

/// `POST /items/{id}/change`.
pub(crate) async fn change(v: Arc<Visit>) -> Answer {
    let done = changed(&v).await;
    or_again(&v, done, show).await
}

async fn changed(v: &Visit) -> Answer {
    let item = v.seen.item(v.segment("id"))?;
    change_it(v).await.map_err(|fault| at_field(v, &item.kind, fault))
}

async fn change_it(v: &Visit) -> Answer {
    let item = v.seen.item(v.segment("id"))?;
    let other = |name: &str| {
        let (now, was) = (v.text(name), v.text(&format!("was:{name}")));
        (!now.is_empty() && now != was).then_some(now)
    };
    let lead = match other("lead") {
        Some(_) => Some(unit_in(v, "lead")?),
        None => None,
    };
    v.submit(Act::ChangeItem {
        item: item.id,
        name: other("name"),
        lead,
        co: None,
        fields: fields_given(v).await?,
        because: v.text("because"),
    })
    .await?;
    v.done(&format!("/items/{}", item.id), "item-changed")
}

/// `POST /items/{id}/stage`.
pub(crate) async fn enter_stage(v: Arc<Visit>) -> Answer {
    let done = stage_entered(&v).await;
    or_again(&v, done, show).await
}

async fn stage_entered(v: &Visit) -> Answer {
    let item = v.seen.item(v.segment("id"))?;
    let on = v.day_needed("on")?;
    let evidence = v.evidence("evidence").await?;
    let act = Act::EnterStage { item: item.id, stage: v.text("stage"), on, because: v.text("because"), evidence };
    v.submit(act).await?;
    v.done(&format!("/items/{}", item.id), "stage-entered")
}

/// `POST /items/{id}/withdrawal`.
pub(crate) async fn withdraw(v: Arc<Visit>) -> Answer {
    let done = withdrawn(&v).await;
    or_again(&v, done, show).await
}

async fn withdrawn(v: &Visit) -> Answer {
    let item = v.seen.item(v.segment("id"))?;
    v.submit(Act::WithdrawItem { item: item.id, because: v.text("because") }).await?;
    v.done(&format!("/items/{}", item.id), "item-withdrawn")
}
