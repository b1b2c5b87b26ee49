//! Faults: why a request is not answered as asked, and the one place where that becomes a status.

use axum::http::StatusCode;
use baton_kernel::{Refusal, Why};
use baton_store::StoreError;

/// Why a request is not answered as asked.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Not there, or not the caller's: one answer for both.
    Refused(Refusal),
    /// Everything that is wrong with a form; never empty.
    Wrong(Vec<Refusal>),
    /// Nobody is signed in.
    NotSignedIn,
    /// The form's token or the request's origin is not ours.
    CrossSite,
    /// Not a request we understand.
    Malformed,
    /// A content type the route does not take.
    MediaType,
    /// A body or file above its bound.
    TooLarge,
    /// A target above its bound.
    TargetTooLong,
    /// The body did not come, or the answer took too long.
    Slow,
    /// The route does not take this method.
    Method,
    /// No space left.
    Full,
    /// A disk error: outcome unknown.
    Unknown,
    /// The world failed.
    World(anyhow::Error),
}

impl Fault {
    /// Not there, or not the caller's.
    pub(crate) fn absent() -> Fault {
        Fault::Refused(Refusal::absent())
    }

    /// The status it is answered with.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Fault::Refused(refusal) => match refusal.why {
                Why::Absent => StatusCode::NOT_FOUND,
                Why::Forbidden => StatusCode::FORBIDDEN,
                Why::NotNow | Why::Conflict => StatusCode::CONFLICT,
                Why::Wrong => StatusCode::UNPROCESSABLE_ENTITY,
            },
            Fault::Wrong(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Fault::NotSignedIn => StatusCode::UNAUTHORIZED,
            Fault::CrossSite => StatusCode::FORBIDDEN,
            Fault::Malformed => StatusCode::BAD_REQUEST,
            Fault::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Fault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Fault::TargetTooLong => StatusCode::URI_TOO_LONG,
            Fault::Slow => StatusCode::REQUEST_TIMEOUT,
            Fault::Method => StatusCode::METHOD_NOT_ALLOWED,
            Fault::Full => StatusCode::INSUFFICIENT_STORAGE,
            Fault::Unknown => StatusCode::SERVICE_UNAVAILABLE,
            Fault::World(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Code of its title and words in the catalogue: `page.fault.slow`.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Fault::Refused(refusal) => match refusal.why {
                Why::Absent => "page.fault.absent",
                Why::Forbidden => "page.fault.forbidden",
                Why::NotNow => "page.fault.not-now",
                Why::Conflict => "page.fault.conflict",
                Why::Wrong => "page.fault.wrong",
            },
            Fault::Wrong(_) => "page.fault.wrong",
            Fault::NotSignedIn => "page.fault.not-signed-in",
            Fault::CrossSite => "page.fault.cross-site",
            Fault::Malformed => "page.fault.malformed",
            Fault::MediaType => "page.fault.media-type",
            Fault::TooLarge => "page.fault.too-large",
            Fault::TargetTooLong => "page.fault.target-too-long",
            Fault::Slow => "page.fault.slow",
            Fault::Method => "page.fault.method",
            Fault::Full => "page.fault.full",
            Fault::Unknown => "page.fault.unknown",
            Fault::World(_) => "page.fault.world",
        }
    }

    /// Whether the rest of the request is not worth reading: the connection ends with the answer.
    pub(crate) fn ends_connection(&self) -> bool {
        matches!(self, Fault::TooLarge | Fault::Slow | Fault::Malformed | Fault::MediaType | Fault::CrossSite)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Fault {
        Fault::Refused(refusal)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Fault {
        match error {
            StoreError::Refused(refusal) => Fault::Refused(refusal),
            StoreError::Full => Fault::Full,
            StoreError::Unknown => Fault::Unknown,
            StoreError::World(error) => Fault::World(error),
        }
    }
}

impl From<anyhow::Error> for Fault {
    fn from(error: anyhow::Error) -> Fault {
        Fault::World(error)
    }
}
