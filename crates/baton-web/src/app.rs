//! App: what the pages are given: the journal, the typesetter, the worker, and how the listener is reached.

use crate::limits::{TYPESETTING_AT_ONCE, UPLOADS_AT_ONCE};
use baton_kernel::document::Document;
use baton_store::{Journal, Store};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;

/// Sets a document: handed in as a value, so that this crate never builds a typesetter.
pub trait Typesetter: Send + Sync {
    /// The document as PDF.
    ///
    /// Errors: fonts or the engine failed; the caller answers 500 with an id.
    fn pdf(&self, document: &Document) -> anyhow::Result<Vec<u8>>;
    /// The document as DOCX.
    ///
    /// Errors: as for [`Typesetter::pdf`].
    fn docx(&self, document: &Document) -> anyhow::Result<Vec<u8>>;
}

/// How browsers reach the listener: decides cookies and HSTS.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Transport {
    /// Through TLS (a proxy of ours ends it): `__Host-` cookies with `Secure`, and HSTS.
    Tls,
    /// Plain HTTP on the machine itself (`localhost`, `127.0.0.1`): browsers take `Secure` cookies there,
    /// so cookies are as with TLS, without HSTS.
    Local,
    /// Plain HTTP over a network, declared insecure for a demonstration: cookies without `Secure` and
    /// without the prefix.
    Insecure,
}

impl Transport {
    /// Whether cookies are `__Host-` and `Secure`.
    pub fn secure_cookies(self) -> bool {
        self != Transport::Insecure
    }
}

/// Everything the pages need. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The zone's ledger, and the store beside it.
    pub journal: Arc<Journal>,
    /// Sets documents.
    pub typesetter: Arc<dyn Typesetter>,
    /// The program started again as `… worker parse` to read foreign workbooks.
    pub worker_exe: PathBuf,
    /// How browsers reach the listener.
    pub transport: Transport,
    /// The origin that browsers show (`https://baton.example.gov.cn`), when it is not what the `Host` header says.
    pub origin: Option<String>,
    /// Whether the daily letter is sent: mail is configured.
    pub sends_mail: bool,
    pub(crate) uploads: Arc<Semaphore>,
    pub(crate) typesetting: Arc<Semaphore>,
    pub(crate) counts: Arc<crate::home::CountsKept>,
    pub(crate) streams: Arc<crate::streams::Streams>,
    waiting: Arc<AtomicUsize>,
}

impl App {
    /// An app over an open journal.
    pub fn new(
        journal: Arc<Journal>,
        typesetter: Arc<dyn Typesetter>,
        worker_exe: PathBuf,
        transport: Transport,
    ) -> App {
        App {
            journal,
            typesetter,
            worker_exe,
            transport,
            origin: None,
            sends_mail: false,
            uploads: Arc::new(Semaphore::new(UPLOADS_AT_ONCE)),
            typesetting: Arc::new(Semaphore::new(TYPESETTING_AT_ONCE)),
            counts: Arc::default(),
            streams: Arc::default(),
            waiting: Arc::default(),
        }
    }

    /// How many complaints, suggestions and claims wait, as last counted.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Counts what waits again.
    ///
    /// Errors: the database.
    pub async fn count_waiting(&self) -> Result<(), baton_store::StoreError> {
        self.waiting.store(self.store().intakes_waiting().await?, Ordering::Relaxed);
        Ok(())
    }

    /// The store beside the ledger.
    pub(crate) fn store(&self) -> &Store {
        self.journal.store()
    }
}
