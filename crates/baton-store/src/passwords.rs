//! Passwords: what is strong enough, and Argon2id over it.
//!
//! Policy of OWASP ASVS 5.0 (V6.2): at least 8 characters, 64 and more accepted, anything may be typed or
//! pasted, no composition rules, no forced change; refused when it is guessed easily, judged offline with
//! the words of its own surroundings (login name, person, unit, zone).

use crate::limits::*;
use crate::trouble::{StoreError, refuse};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use baton_kernel::{Refusal, Why};
use std::sync::OnceLock;

/// Memory of one hash in KiB: 19 MiB, with two passes (OWASP's floor for Argon2id).
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over the memory.
const PASSES: u32 = 2;

/// Words that everybody here would try first: they count as nothing.
const LOCAL_WORDS: &[&str] = &[
    "baton",
    "zhihuibang",
    "zhihui",
    "duban",
    "tongbao",
    "xinqu",
    "kaifaqu",
    "guanweihui",
    "zhongdian",
    "gongzuo",
    "tuijin",
    "woaini",
    "zhongguo",
    "china",
    "mima",
    "mimashi",
    "admin",
    "guanliyuan",
    "ceshi",
    "test",
    "huawei",
    "wangluo",
    "zhengfu",
    "bangongshi",
    "iloveyou",
    "woaizuguo",
    "nihao",
    "qwer",
    "asdf",
    "zxcv",
    "abcd",
];

/// Refuses a password that is too short, too long or guessed easily.
///
/// `context` holds words an attacker would try: login name, person's name, unit, zone.
pub fn check(password: &str, context: &[&str]) -> Result<(), Refusal> {
    let count = password.chars().count();
    if count < PASSWORD_CHARS_MIN {
        return Err(refuse(
            Why::Wrong,
            "password.short",
            format!("密码至少 {PASSWORD_CHARS_MIN} 个字符（建议 15 个以上），现为 {count} 个"),
            format!(
                "a password needs at least {PASSWORD_CHARS_MIN} characters (15 or more are better); this has {count}"
            ),
        )
        .at("password"));
    }
    if count > PASSWORD_CHARS_MAX {
        return Err(refuse(
            Why::Wrong,
            "password.long",
            format!("密码最多 {PASSWORD_CHARS_MAX} 个字符，现为 {count} 个"),
            format!("a password has at most {PASSWORD_CHARS_MAX} characters; this has {count}"),
        )
        .at("password"));
    }
    let lower = password.to_lowercase();
    let mut words: Vec<&str> = LOCAL_WORDS.to_vec();
    words.extend(context.iter().copied().filter(|w| w.chars().count() >= 2));
    let score = u8::from(zxcvbn::zxcvbn(password, &words).score());
    if score < PASSWORD_SCORE_MIN || leftover(&lower, &words) < PASSWORD_CHARS_MIN / 2 {
        return Err(refuse(
            Why::Wrong,
            "password.weak",
            "密码容易被猜中：请避免常见密码、连续或重复字符、日期以及姓名、单位、登录名，可用几个不相干的词连成一句",
            "this password is easily guessed: avoid common passwords, runs, repeats, dates, and names of yourself, your unit or login; a few unrelated words make a good one",
        )
        .at("password"));
    }
    Ok(())
}

/// Different characters that are left when the known words are taken out.
fn leftover(lower: &str, words: &[&str]) -> usize {
    let mut rest = lower.to_owned();
    for word in words {
        rest = rest.replace(&word.to_lowercase(), "");
    }
    rest.chars().collect::<std::collections::BTreeSet<_>>().len()
}

/// A password made for somebody: four groups of four, about 79 bits, without characters that look alike.
pub fn generated() -> String {
    const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut out = String::with_capacity(19);
    while out.len() < 19 {
        if out.len() % 5 == 4 {
            out.push('-');
            continue;
        }
        let [byte] = crate::clock::random::<1>();
        // 248 = 8 × 31: no letter is likelier than another.
        if byte < 248 {
            out.push(char::from(LETTERS[usize::from(byte % 31)]));
        }
    }
    out
}

fn argon() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).expect("parameters within Argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The PHC string of a password under a fresh salt. Takes some 20 ms and 19 MiB.
pub(crate) fn hash(password: &str) -> Result<String, StoreError> {
    let salt: [u8; 16] = crate::clock::random();
    argon()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|h: PasswordHash| h.to_string())
        .map_err(|e| StoreError::World(anyhow::anyhow!("hashing failed: {e}")))
}

/// Whether a password is that of a PHC string; with `None` the same work is done and the answer is no.
pub(crate) fn matches(password: &str, phc: Option<&str>) -> bool {
    static NOBODY: OnceLock<String> = OnceLock::new();
    // An unknown login costs what a known one does.
    let phc = match phc {
        Some(phc) => phc,
        None => NOBODY.get_or_init(|| hash("nobody has this password").unwrap_or_default()),
    };
    argon().verify_password(password.as_bytes(), phc).is_ok()
}

/// Makes the hash that unknown logins are compared with, so that the first such sign-in is no slower.
pub(crate) fn warm() {
    matches("", None);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_and_strong_ones_pass() {
        for weak in ["abc", "1234567", "       "] {
            assert_eq!(check(weak, &[]).unwrap_err().code, "password.short", "{weak}");
        }
        let context = ["yuanqiao", "王建国", "袁桥镇"];
        for weak in [
            "password",
            "12345678",
            "qwertyuiop",
            "aaaaaaaaaaaa",
            "admin123456",
            "yuanqiao2023",
            "woaini1314",
            "zhihuibang123",
            "20230426",
            "13800138000",
            "P@ssw0rd",
            "abcdefgh1",
        ] {
            assert_eq!(check(weak, &context).unwrap_err().code, "password.weak", "{weak}");
        }
        for strong in
            ["correct-horse-battery-staple", "河边的灯笼与三只旧碗", "Vt7#kq9!zR2m", &"长句".repeat(64), &generated()]
        {
            let got = check(strong, &context);
            if strong.starts_with("长句") {
                assert_eq!(got.unwrap_err().code, "password.weak", "two characters over and over");
            } else {
                assert_eq!(got, Ok(()), "{strong}");
            }
        }
        assert_eq!(check(&"甲乙丙丁".repeat(40), &[]).unwrap_err().code, "password.long");
    }

    #[test]
    fn a_hash_names_its_parameters_and_nobody_matches_nothing() {
        let phc = hash("河边的灯笼").unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert_ne!(phc, hash("河边的灯笼").unwrap(), "the salt must differ");
        assert!(matches("河边的灯笼", Some(&phc)));
        assert!(!matches("河边的灯", Some(&phc)));
        assert!(!matches("nobody has this password\0", None));
        assert!(!matches("x", Some("not a phc string")));
    }
}
