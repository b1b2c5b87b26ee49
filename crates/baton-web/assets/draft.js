// Draft: at most two seconds after a key what is typed is on the server; nothing is reported by it. A session that
// ends is announced, and what is typed waits on the page until somebody has signed in again.
import { grid as form, w } from './grid.js';
import { heard, renew, warn } from './session.js';
import { take, toDate } from './states.js';

const PAUSE_MS = 700;
const WAIT_MS = 1800;
const state = document.getElementById('draft-state');
const touched = new Set();
let timer = 0;
let first = 0;
let going = null;

const tell = (words) => { if (state) state.firstElementChild.textContent = words; };
const field = (name) => form.elements.namedItem(name);

const body = (names) => {
  const data = new URLSearchParams();
  for (const name of ['csrf', 'base', 'revision']) data.append(name, field(name).value);
  for (const [name, value] of new FormData(form)) {
    const place = name.slice(2);
    if (typeof value === 'string' && (names.has(name) || (name.startsWith('n:') && names.has(`c:${place}`)))) data.append(name, value);
  }
  return data;
};

const keep = async () => {
  const names = new Set(touched);
  touched.clear();
  first = 0;
  const back = () => { for (const name of names) touched.add(name); };
  try {
    const send = () => fetch(form.dataset.draft, { method: 'POST', body: body(names), credentials: 'same-origin', redirect: 'manual' });
    let answer = await send();
    if ((answer.type === 'opaqueredirect' || answer.status === 403) && await renew()) answer = await send();
    if (answer.ok) {
      const told = await answer.json();
      field('revision').value = told.revision;
      heard();
      tell(w(`草稿已存 ${new Date().toTimeString().slice(0, 5)}，还没有报送`, `draft kept ${new Date().toTimeString().slice(0, 5)}, not sent yet`));
      take(told, touched);
      return true;
    }
    back();
    if (answer.type === 'opaqueredirect' || answer.status === 401 || answer.status === 403) {
      warn(w('登录已过期。填的都还在这一页：请在新窗口登录，回来后自动存上。', 'You have been signed out. All you typed is still here: sign in in a new window, then come back and it is kept.'));
      tell(w('草稿还没有存上', 'draft not kept yet'));
    } else {
      const told = await answer.json().catch(() => ({}));
      tell(w('草稿没有存上：', 'draft not kept: ') + (told.words || w('服务暂时不可用，请稍后再存', 'the service is away; try again later')));
      return true;
    }
  } catch {
    back();
    tell(w('草稿没有存上：网络断了，连上后会再存', 'draft not kept: no network; it will be tried again'));
    timer = setTimeout(run, 5000);
  }
  return false;
};

const run = async () => {
  clearTimeout(timer);
  if (going) { await going; if (!touched.size) return true; }
  going = keep();
  const kept = await going;
  going = null;
  return kept;
};

const soon = () => {
  if (!first) first = Date.now();
  clearTimeout(timer);
  timer = setTimeout(run, Math.max(0, Math.min(PAUSE_MS, first + WAIT_MS - Date.now())));
};

form?.addEventListener('input', (event) => {
  const one = event.target;
  if (!/^[cek]:/.test(one.name || '')) return;
  touched.add(one.name);
  if (one.name.startsWith('k:')) touched.add(`c:${one.name.slice(2)}`);
  const cell = one.closest('td.cell');
  if (cell) { cell.classList.remove('saved', 'wrong', 'doubt'); cell.classList.add('changed'); toDate(one); }
  tell(w('正在存草稿…', 'keeping the draft…'));
  soon();
});

// Before it is sent what is typed is kept: a session that has ended meanwhile is noticed on this page.
let sure = false;
form?.addEventListener('submit', (event) => {
  if (sure || event.submitter?.value === 'discard') return;
  event.preventDefault();
  const button = event.submitter;
  run().then((kept) => { delete form.dataset.sent; if (kept) { sure = true; form.requestSubmit(button); sure = false; } });
});
addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible' && touched.size) run(); else if (touched.size) soon(); });
addEventListener('focus', () => { if (touched.size) run(); });
addEventListener('beforeunload', (event) => { if (touched.size && !sure) { run(); event.preventDefault(); } });
document.getElementById('session-extend')?.addEventListener('click', run);
