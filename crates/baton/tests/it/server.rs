//! The server as a process: ready, killed in the midst of work, ready again with everything acknowledged.

use crate::program::*;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(dir: &std::path::Path) -> Server {
        let mut child = baton()
            .args(["serve", "--dir", path(dir), "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("says where");
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
        assert!(!address.is_empty(), "the server says where it listens");
        Server { child, address }
    }

    fn get(&self, page: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("connects");
        write!(stream, "GET {page} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address).expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("answered");
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_server_is_ready_and_verbs_go_through_it_while_it_holds_the_zone() {
    let zone = zone();
    let server = Server::start(&zone);
    assert!(server.get("/readyz").starts_with("HTTP/1.1 200"));
    assert!(server.get("/review/2023Q1").starts_with("HTTP/1.1 303"), "pages ask for a sign-in");
    // The lock is held: this answer comes through the socket.
    assert!(ok(&["review", "2023Q1", "--dir", path(&zone)]).contains("2023年一季度"));
    let (code, said) = fails(&["serve", "--dir", path(&zone), "--listen", "127.0.0.1:0"]);
    assert_ne!(code, 0, "a second server is refused: {said}");
}

#[test]
fn after_a_kill_the_server_is_ready_again_and_the_ledger_is_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let zone = folder.path().join("zone");
    ok(&["init", "--dir", path(&zone), "--code", "XQ"]);
    let mut server = Server::start(&zone);
    let writes: Vec<_> = (0..8)
        .map(|n| {
            let zone = zone.clone();
            std::thread::spawn(move || {
                let mut done = Vec::new();
                for k in 0..25 {
                    let login = format!("u{n}x{k}");
                    let output = run(&[
                        "user",
                        "add",
                        &login,
                        "--name",
                        "测试",
                        "--unit",
                        "xq",
                        "--role",
                        "reporter",
                        "--as",
                        "admin",
                        "--dir",
                        path(&zone),
                    ]);
                    if !output.status.success() {
                        break;
                    }
                    done.push(login);
                }
                done
            })
        })
        .collect();
    while run(&["user", "list", "--dir", path(&zone)]).stdout.iter().filter(|b| **b == b'\n').count() < 20 {}
    server.child.kill().expect("killed");
    server.child.wait().expect("gone");
    let acknowledged: Vec<String> = writes.into_iter().flat_map(|w| w.join().expect("ran")).collect();
    drop(server);
    let listed = ok(&["user", "list", "--dir", path(&zone)]);
    for login in &acknowledged {
        assert_eq!(listed.matches(&format!("{login}\t")).count(), 1, "{login}");
    }
    assert!(ok(&["verify", "--dir", path(&zone)]).contains("事实完整：是"));
    let again = Server::start(&zone);
    assert!(again.get("/readyz").starts_with("HTTP/1.1 200"));
}
