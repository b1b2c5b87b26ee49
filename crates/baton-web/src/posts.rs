//! Posts: who holds them, who stands in from when to when, and what waits there for whoever comes next (交接).

use crate::answers::Answer;
use crate::faults::Fault;
use crate::mistakes::Mistakes;
use crate::shell::Shell;
use crate::visit::{Visit, or_again};
use askama::Template;
use baton_kernel::entries::Holding;
use baton_kernel::views::posts::{self, PostRow, PostView};
use baton_kernel::{Act, Refusal};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "posts.html")]
struct PostsPage {
    shell: Shell,
    mine: Vec<PostRow>,
    others: Vec<PostRow>,
}

/// `GET /posts`: the reader's own posts, then, for whoever keeps the people, all others.
pub(crate) async fn list(v: Arc<Visit>) -> Answer {
    let (mine, others) = posts::list(&v.seen).into_iter().partition(|p| p.mine.is_some());
    v.page(&PostsPage { shell: Shell::of(&v, v.say("page.menu.posts", &[]), "/posts"), mine, others })
}

/// Something begun and not sent by somebody who sat on the post before.
struct Unsent {
    who: String,
    what: String,
    path: String,
    when: String,
}

#[derive(Template)]
#[template(path = "post.html")]
struct PostPage<'a> {
    shell: Shell,
    v: &'a Visit,
    post: PostView,
    unsent: Vec<Unsent>,
    today: String,
}

impl PostPage<'_> {
    /// Everything that waits on the post.
    fn left(&self) -> usize {
        let p = &self.post;
        [p.tasks.len(), p.decide.len(), p.rounds.len(), p.returned.len(), p.drafts.len(), p.instructions.len()]
            .iter()
            .sum::<usize>()
            + self.unsent.len()
    }

    fn covers(&self, how: &Holding) -> bool {
        *how == Holding::Cover
    }
}

/// `GET /posts/{id}`.
pub(crate) async fn show(v: Arc<Visit>) -> Answer {
    let post = posts::post(&v.seen, v.segment("id"))?;
    let unsent = match post.row.mine {
        Some(_) => unsent(&v, &post).await?,
        None => Vec::new(),
    };
    v.page(&PostPage {
        shell: Shell::of(&v, post.row.title.clone(), "/posts"),
        v: &v,
        unsent,
        today: v.seen.today().to_string(),
        post,
    })
}

/// Reports that predecessors began in the workbench and did not send, for rounds that still wait.
async fn unsent(v: &Visit, post: &PostView) -> Result<Vec<Unsent>, Fault> {
    let mut list = Vec::new();
    for person in &post.before {
        for draft in v.app.store().drafts(*person).await? {
            let waits = post.rounds.iter().chain(&post.returned);
            let round = waits.into_iter().find(|r| draft.key.contains(&r.id.to_string()));
            if let Some(round) = round {
                list.push(Unsent {
                    who: v.seen.person(*person),
                    what: format!("{} {}", round.unit.name, round.title),
                    path: format!("/rounds/{}/units/{}", round.id, round.unit.code),
                    when: v.clock(draft.updated_at, "%Y-%m-%d %H:%M"),
                });
            }
        }
    }
    Ok(list)
}

/// `POST /posts/{id}/cover`: somebody of the unit stands in from a day until another; or stops to.
pub(crate) async fn cover(v: Arc<Visit>) -> Answer {
    let done = covered(&v).await;
    or_again(&v, done, show).await
}

async fn covered(v: &Visit) -> Answer {
    let post = posts::post(&v.seen, v.segment("id"))?.row.id;
    let mut wrong = Mistakes::default();
    let person = v.text("person").parse().map_err(|_| Refusal::wrong("post.cover-person", &[]).at("person"));
    let person = wrong.take(person);
    let from = wrong.take(v.day_needed("from"));
    let to = wrong.take(v.day_needed("until"));
    wrong.end()?;
    let (Some(person), Some(from), Some(to)) = (person, from, to) else { return Err(Fault::Malformed) };
    v.submit(Act::HoldPost { post, person, how: Holding::Cover, from, to: Some(to) }).await?;
    v.done(&format!("/posts/{post}"), "post-covered")
}
