//! Bounds of what a request may bring.

use super::zone::*;
use axum::body::Body;
use axum::http::header;

#[tokio::test]
async fn oversize_malformed_and_unwanted_bodies_are_refused_before_they_do_anything() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    let csrf = office.csrf().await;
    let head = town.head();
    let big = format!("csrf={csrf}&title={}", "x".repeat(1024 * 1024 + 10));
    let many = format!("csrf={csrf}{}", "&a=b".repeat(20_001));
    let form = "application/x-www-form-urlencoded";
    for (kind, body, status) in [
        (form, big.into_bytes(), 413),
        (form, many.into_bytes(), 413),
        (form, b"csrf=\xff\xfe%zz%ff".to_vec(), 403),
        ("application/json", b"{}".to_vec(), 415),
        ("text/plain", b"x".to_vec(), 415),
        ("multipart/form-data; boundary=X", b"--X".to_vec(), 415),
    ] {
        let request = office
            .request("POST", "/tasks")
            .header(header::CONTENT_TYPE, kind)
            .header(header::ORIGIN, format!("http://{HOST}"))
            .body(Body::from(body))
            .unwrap();
        let answer = town.send(request).await.is(status);
        assert_eq!(answer.headers[header::CONNECTION], "close", "{status}");
    }
    // A length that is told is refused before a byte is read.
    let request = office
        .request("POST", "/tasks")
        .header(header::CONTENT_TYPE, form)
        .header(header::CONTENT_LENGTH, "99999999999")
        .body(Body::empty())
        .unwrap();
    town.send(request).await.is(413);
    assert_eq!(town.head(), head);
}

#[tokio::test]
async fn long_targets_many_parameters_and_other_methods_are_refused() {
    let town = Town::new().await;
    let mut office = town.browser("office").await;
    office.get(&format!("/items?q={}", "x".repeat(9000))).await.is(414);
    office.get(&format!("/items?{}", "a=b&".repeat(101))).await.is(400);
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
        let request = office.request(method, "/items").body(Body::empty()).unwrap();
        town.send(request).await.is(405);
    }
    let request = office.request("HEAD", "/items").body(Body::empty()).unwrap();
    assert_eq!(town.send(request).await.is(200).text, "");
}
