// Live: parts of a meeting's page are put in as the server sends them, clocks tick on, the projector turns by keys.
// Without this the page is as it was when it was loaded, and every button is a plain form.
const root = document.querySelector('[data-live]');
const note = document.getElementById('live-note');
const RELOAD_MS = 30000;
const tell = (words) => { if (note) note.textContent = words || ''; };

// A clock shows the seconds it was sent with, and what has passed since when it runs.
const began = new WeakMap();
const two = (n) => String(n).padStart(2, '0');
const tick = () => {
  for (const face of document.querySelectorAll('.clock-face')) {
    if (!began.has(face)) began.set(face, performance.now());
    if (!('runs' in face.dataset)) continue;
    const seconds = Number(face.dataset.seconds) + Math.floor((performance.now() - began.get(face)) / 1000);
    face.textContent = `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  }
};
tick();
setInterval(tick, 500);

const put = ({ id, html }) => {
  const part = document.getElementById(id);
  if (!part || part.innerHTML === html) return;
  part.innerHTML = html;
  tick();
  if (id === 'live-now') follow();
};

// The clerk's list of lines follows the line that is on, unless somebody is choosing in it.
const follow = () => {
  const list = document.getElementById('go');
  const now = document.querySelector('#live-now .state b');
  if (!list || !now || document.activeElement === list) return;
  const at = Array.from(list.options).findIndex((option) => option.textContent === now.textContent);
  if (at < 0) return;
  list.selectedIndex = at;
  const line = document.getElementById('line');
  const typed = document.getElementById('text');
  if (line && typed && !typed.value) line.selectedIndex = at;
};

if (root) {
  const source = new EventSource(root.dataset.live + (root.classList.contains('screen') ? '?screen=1' : ''));
  source.addEventListener('open', () => tell(''));
  source.addEventListener('part', (event) => { tell(''); put(JSON.parse(event.data)); });
  source.addEventListener('end', () => { source.close(); tell(note && note.dataset.end); if (!note) location.reload(); });
  source.addEventListener('error', () => {
    tell(note && note.dataset.lost);
    // Refused for good: look again by loading the page, when nothing is being typed.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => { if (!document.querySelector('input:focus, textarea:focus')) location.reload(); }, RELOAD_MS);
  });
}

// Controls of the live state answer by the stream: the page stays as it is.
document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (!('quiet' in form.dataset) || !root) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const body = new URLSearchParams(new FormData(form));
  if (event.submitter && event.submitter.name) body.set(event.submitter.name, event.submitter.value);
  const answer = await fetch(form.action, { method: 'POST', body, credentials: 'same-origin', redirect: 'manual' }).catch(() => null);
  if (!answer || answer.type !== 'opaqueredirect') location.reload();
  else if (body.get('do') !== 'show') refreshPapers();
}, true);

// What may go on screen belongs to the line that is on: it comes with the page.
const refreshPapers = async () => {
  const answer = await fetch(location.pathname, { credentials: 'same-origin' }).catch(() => null);
  if (!answer || !answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('papers');
  const here = document.getElementById('papers');
  if (fresh && here) here.innerHTML = fresh.innerHTML;
};

document.addEventListener('keydown', (event) => {
  if (!document.querySelector('main.screen') || event.altKey || event.ctrlKey || event.metaKey) return;
  const turns = { ArrowRight: 'next', PageDown: 'next', ' ': 'next', Enter: 'next', ArrowLeft: 'prev', PageUp: 'prev', Backspace: 'prev', Escape: 'up', Home: 'up' };
  const link = turns[event.key] && document.querySelector(`a[rel=${turns[event.key]}]`);
  if (link && event.target.tagName !== 'A') { event.preventDefault(); location.assign(link.href); }
});
