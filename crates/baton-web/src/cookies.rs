//! Cookies: names and attributes by transport; reading them back.

use crate::app::Transport;
use axum::http::{HeaderMap, HeaderValue, header};

/// What a cookie holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Cookie {
    /// The session's token.
    Session,
    /// Guards the sign-in form, before there is a session.
    Door,
    /// Large type.
    Size,
    /// Language.
    Lang,
}

impl Cookie {
    fn name(self, transport: Transport) -> String {
        let name = match self {
            Cookie::Session => "baton",
            Cookie::Door => "baton-door",
            Cookie::Size => "baton-size",
            Cookie::Lang => "baton-lang",
        };
        if transport.secure_cookies() { format!("__Host-{name}") } else { name.to_owned() }
    }

    fn lasts(self) -> bool {
        matches!(self, Cookie::Size | Cookie::Lang)
    }

    /// Its value in a request; `None` when absent or sent twice (one of them was planted).
    pub(crate) fn read(self, headers: &HeaderMap, transport: Transport) -> Option<String> {
        let name = self.name(transport);
        let mut found = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|v| v.to_str().ok())
            .flat_map(|v| v.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(n, _)| *n == name);
        let value = found.next()?.1.to_owned();
        found.next().is_none().then_some(value)
    }

    /// Sets it in a response. The value is ours: letters, digits, dashes.
    pub(crate) fn write(self, headers: &mut HeaderMap, transport: Transport, value: &str) {
        let lasts = if self.lasts() { "; Max-Age=31536000" } else { "" };
        self.set(headers, transport, value, lasts);
    }

    /// Takes it away.
    pub(crate) fn clear(self, headers: &mut HeaderMap, transport: Transport) {
        self.set(headers, transport, "", "; Max-Age=0");
    }

    fn set(self, headers: &mut HeaderMap, transport: Transport, value: &str, age: &str) {
        let secure = if transport.secure_cookies() { "; Secure" } else { "" };
        let name = self.name(transport);
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
        if let Ok(text) = HeaderValue::from_str(&text) {
            headers.append(header::SET_COOKIE, text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_cookie_is_bound_to_the_host_unless_declared_insecure() {
        let mut headers = HeaderMap::new();
        Cookie::Session.write(&mut headers, Transport::Tls, "abc");
        assert_eq!(headers[header::SET_COOKIE], "__Host-baton=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
        headers.clear();
        Cookie::Session.write(&mut headers, Transport::Insecure, "abc");
        assert_eq!(headers[header::SET_COOKIE], "baton=abc; Path=/; HttpOnly; SameSite=Lax");
    }

    #[test]
    fn a_cookie_sent_twice_is_none() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; __Host-baton=x"));
        assert_eq!(Cookie::Session.read(&headers, Transport::Tls).as_deref(), Some("x"));
        assert_eq!(Cookie::Session.read(&headers, Transport::Insecure), None);
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-baton=y"));
        assert_eq!(Cookie::Session.read(&headers, Transport::Tls), None);
    }
}
