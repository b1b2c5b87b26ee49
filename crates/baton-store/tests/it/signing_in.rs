//! Signing in: accounts, throttling, sessions.

use super::bench::*;
use baton_kernel::ids::PersonId;
use baton_store::*;
use jiff::SignedDuration;
use std::sync::Arc;

const GOOD: &str = "河边的灯笼与三只旧碗";
const OTHER: &str = "山后的铃铛与七把木梳";

fn from(address: &str) -> Origin {
    Origin { address: address.into(), client: "Browser 1.0\r\nX: y".into() }
}

async fn store(place: &Place) -> Arc<Store> {
    let store = Store::open(&place.path(), &place.opening()).await.unwrap();
    store.add_account(None, " Jia.Clerk ", CLERK, GOOD, false, &["东桥镇"]).await.unwrap();
    Arc::new(store)
}

fn code<T: std::fmt::Debug>(answer: Result<T, StoreError>) -> String {
    match answer {
        Err(StoreError::Refused(refusal)) => refusal.code,
        other => panic!("a refusal was expected, not {other:?}"),
    }
}

#[tokio::test]
async fn a_session_stands_until_idle_old_signed_out_or_disabled() {
    let place = Place::new();
    let store = store(&place).await;
    let first = store.sign_in("JIA.clerk", GOOD, &from("10.0.0.1")).await.unwrap();
    let second = store.sign_in("jia.clerk", GOOD, &from("10.0.0.2")).await.unwrap();
    assert_ne!(first.token, second.token, "a token is never used again");
    assert_eq!(first.session.client, "Browser 1.0X: y");
    let found = store.session(&first.token).await.unwrap().unwrap();
    assert_eq!((found.person, found.login.as_str()), (CLERK, "jia.clerk"));
    assert!(
        found.csrf_matches(&first.session.csrf) && !found.csrf_matches(&second.session.csrf) && !found.csrf_matches("")
    );
    for bad in ["", "x", &"0".repeat(64), &first.token[..63], &first.session.csrf] {
        assert_eq!(store.session(bad).await.unwrap(), None);
    }
    // Used, it lasts; idle for half an hour, it ends.
    for _ in 0..4 {
        place.clock.pass(SignedDuration::from_mins(29));
        assert!(store.session(&first.token).await.unwrap().is_some());
    }
    assert_eq!(store.session(&second.token).await.unwrap(), None, "idle");
    for _ in 0..30 {
        place.clock.pass(SignedDuration::from_mins(29));
        store.session(&first.token).await.unwrap();
    }
    assert_eq!(store.session(&first.token).await.unwrap(), None, "twelve hours are enough");
    let third = store.sign_in("jia.clerk", GOOD, &from("10.0.0.1")).await.unwrap();
    store.sign_out(&third.token).await.unwrap();
    assert_eq!(store.session(&third.token).await.unwrap(), None);
    store.sign_out(&third.token).await.unwrap();
    let fourth = store.sign_in("jia.clerk", GOOD, &from("10.0.0.1")).await.unwrap();
    store.set_account_state(None, "jia.clerk", AccountState::Disabled).await.unwrap();
    assert_eq!(store.session(&fourth.token).await.unwrap(), None, "disabled in the middle of a session");
    assert_eq!(code(store.sign_in("jia.clerk", GOOD, &from("10.0.0.1")).await), "signin.wrong");
    store.set_account_state(None, "jia.clerk", AccountState::Active).await.unwrap();
    assert_eq!(store.session(&fourth.token).await.unwrap(), None, "enabling brings no session back");
    store.close().await;
}

#[tokio::test]
async fn only_the_hash_of_a_token_and_of_a_password_is_in_the_folder() {
    let place = Place::new();
    let store = store(&place).await;
    let signed_in = store.sign_in("jia.clerk", GOOD, &from("10.0.0.1")).await.unwrap();
    let reset = store.reset_password(None, "jia.clerk").await.unwrap();
    store.close().await;
    for secret in [signed_in.token.as_str(), GOOD, &reset] {
        for entry in std::fs::read_dir(place.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let bytes = std::fs::read(&path).unwrap();
                assert!(
                    !bytes.windows(secret.len()).any(|w| w == secret.as_bytes()),
                    "{} in {}",
                    secret,
                    path.display()
                );
            }
        }
    }
}

#[tokio::test]
async fn five_wrong_passwords_lock_a_login_name_known_or_not_with_the_same_words() {
    let place = Place::new();
    let store = store(&place).await;
    let mut said = Vec::new();
    for login in ["jia.clerk", "nobody"] {
        let mut words = Vec::new();
        for n in 0..5 {
            let origin = from(&format!("10.0.{}.{n}", login.len()));
            let answer = store.sign_in(login, "wrong password", &origin).await.unwrap_err();
            words.push(answer.to_string());
        }
        let locked = store.sign_in(login, GOOD, &from("10.9.9.9")).await.unwrap_err();
        assert!(matches!(&locked, StoreError::Refused(r) if r.code == "signin.wait"), "{locked}");
        words.push(locked.to_string());
        said.push(words);
    }
    assert_eq!(said[0], said[1], "whether a login name exists must not show");
    assert!(said[0][5].contains("15 分钟"), "{}", said[0][5]);
    place.clock.pass(SignedDuration::from_mins(14));
    assert_eq!(code(store.sign_in("jia.clerk", GOOD, &from("10.9.9.9")).await), "signin.wait");
    place.clock.pass(SignedDuration::from_mins(2));
    store.sign_in("jia.clerk", GOOD, &from("10.9.9.9")).await.unwrap();
    // Success forgets: four more are free again.
    for _ in 0..4 {
        assert_eq!(code(store.sign_in("jia.clerk", "wrong", &from("10.9.9.8")).await), "signin.wrong");
    }
    store.sign_in("jia.clerk", GOOD, &from("10.9.9.9")).await.unwrap();
    let trail = store.audit(&baton_store::AuditAsked::default(), 100).await.unwrap();
    let count = |result: &str| trail.iter().filter(|l| l.act == "sign-in" && l.result == result).count();
    assert_eq!((count("wrong"), count("done")), (14, 2), "every try that was judged is in the trail");
    store.close().await;
}

#[tokio::test]
async fn an_address_that_keeps_failing_waits_longer_each_time_and_others_do_not() {
    let place = Place::new();
    let store = store(&place).await;
    let mut waits = Vec::new();
    for n in 0..14 {
        let origin = from("2001:db8::1");
        let answer = store.sign_in(&format!("guess{n}"), "wrong password", &origin).await;
        match code(answer).as_str() {
            "signin.wrong" => waits.push(false),
            _ => {
                waits.push(true);
                place.clock.pass(SignedDuration::from_secs(2 << (n - 11)));
            }
        }
    }
    assert_eq!(&waits[..11], &[false; 11]);
    assert!(waits[11..].contains(&true), "{waits:?}");
    let neighbour = from("2001:db8::ffff");
    store.sign_in("guess", "wrong password", &neighbour).await.unwrap_err();
    assert_eq!(code(store.sign_in("jia.clerk", GOOD, &neighbour).await), "signin.wait", "a /64 is one address");
    store.sign_in("jia.clerk", GOOD, &from("10.0.0.1")).await.unwrap();
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_guesses_do_not_get_more_tries_than_one_after_another() {
    let place = Place::new();
    let store = store(&place).await;
    let tasks: Vec<_> = (0..24)
        .map(|n| {
            let store = store.clone();
            // The right password comes last.
            let password = if n == 23 { GOOD.to_owned() } else { format!("guess {n}") };
            tokio::spawn(async move {
                store.sign_in("jia.clerk", &password, &from(&format!("10.1.0.{n}"))).await.map(|_| ())
            })
        })
        .collect();
    let mut wrong = 0;
    for task in tasks {
        if let Err(StoreError::Refused(refusal)) = task.await.unwrap() {
            wrong += usize::from(refusal.code == "signin.wrong");
        }
    }
    assert!(wrong <= 5, "{wrong} guesses were judged");
    store.close().await;
}

#[tokio::test]
async fn changing_a_password_asks_the_old_one_and_ends_every_session() {
    let place = Place::new();
    let store = store(&place).await;
    let here = from("10.0.0.1");
    let (one, two) = (
        store.sign_in("jia.clerk", GOOD, &here).await.unwrap(),
        store.sign_in("jia.clerk", GOOD, &here).await.unwrap(),
    );
    assert_eq!(store.sessions_of("jia.clerk").await.unwrap().len(), 2);
    assert_eq!(code(store.change_password("jia.clerk", "wrong password", OTHER, &[], &here).await), "signin.wrong");
    assert_eq!(code(store.change_password("jia.clerk", GOOD, "12345678", &[], &here).await), "password.weak");
    assert_eq!(code(store.change_password("jia.clerk", GOOD, GOOD, &[], &here).await), "password.same");
    assert!(store.session(&one.token).await.unwrap().is_some());
    let new = store.change_password("jia.clerk", GOOD, OTHER, &[], &here).await.unwrap();
    assert_eq!(store.session(&one.token).await.unwrap(), None);
    assert_eq!(store.session(&two.token).await.unwrap(), None);
    assert!(store.session(&new.token).await.unwrap().is_some());
    assert_eq!(code(store.sign_in("jia.clerk", GOOD, &here).await), "signin.wrong");
    let given = store.reset_password(Some(PersonId(1)), "jia.clerk").await.unwrap();
    assert_eq!(store.session(&new.token).await.unwrap(), None);
    let must = store.sign_in("jia.clerk", &given, &here).await.unwrap();
    assert!(must.session.must_change);
    let free = store.change_password("jia.clerk", &given, GOOD, &[], &here).await.unwrap();
    assert!(!free.session.must_change);
    assert_eq!(code(store.reset_password(None, "nobody").await), "account.unknown");
    store.close().await;
}

#[tokio::test]
async fn one_ends_only_ones_own_sessions_and_has_at_most_twenty() {
    let place = Place::new();
    let store = store(&place).await;
    store.add_account(Some(CLERK), "yi", PersonId(12), OTHER, true, &[]).await.unwrap();
    let mine = store.sign_in("jia.clerk", GOOD, &from("10.0.0.1")).await.unwrap();
    let theirs = store.sign_in("yi", OTHER, &from("10.0.0.2")).await.unwrap();
    assert!(!store.end_session(Some(CLERK), "jia.clerk", theirs.session.id).await.unwrap());
    assert!(store.session(&theirs.token).await.unwrap().is_some());
    assert!(store.end_session(Some(CLERK), "jia.clerk", mine.session.id).await.unwrap());
    assert_eq!(store.session(&mine.token).await.unwrap(), None);
    let mut tokens = Vec::new();
    for _ in 0..21 {
        place.clock.pass(SignedDuration::from_secs(1));
        tokens.push(store.sign_in("jia.clerk", GOOD, &from("10.0.0.1")).await.unwrap().token);
    }
    assert_eq!(store.session(&tokens[0]).await.unwrap(), None, "the oldest went");
    assert!(store.session(&tokens[20]).await.unwrap().is_some());
    assert_eq!(store.end_sessions(None, "jia.clerk", None).await.unwrap(), 20);
    let accounts = store.accounts().await.unwrap();
    assert_eq!(accounts.iter().map(|a| a.login.as_str()).collect::<Vec<_>>(), ["jia.clerk", "yi"]);
    assert!(accounts[1].must_change && accounts[0].signed_in_at.is_some());
    store.close().await;
}

#[tokio::test]
async fn an_account_needs_a_free_name_and_a_strong_password() {
    let place = Place::new();
    let store = store(&place).await;
    assert_eq!(code(store.add_account(None, "JIA.CLERK", CLERK, OTHER, false, &[]).await), "login.taken");
    assert_eq!(code(store.add_account(None, "a b", CLERK, OTHER, false, &[]).await), "login.wrong");
    assert_eq!(code(store.add_account(None, "bing", CLERK, "short", false, &[]).await), "password.short");
    assert_eq!(
        code(store.add_account(None, "dongqiaozhen", CLERK, "dongqiaozhen1", false, &[]).await),
        "password.weak"
    );
    assert_eq!(store.accounts().await.unwrap().len(), 1);
    let paste = format!(
        "{}{}",
        "好长的一句话，可以整段粘贴进来，没有什么字符不许用 #", "and 64 more characters are fine as well"
    );
    store.add_account(None, "ding", CLERK, &paste, false, &[]).await.unwrap();
    store.sign_in("ding", &paste, &from("10.0.0.1")).await.unwrap();
    store.close().await;
}
