// Draft: two seconds after the last key the typed cells are kept on the server; nothing is reported by it.
const form = document.getElementById('grid');
const state = document.getElementById('draft-state');
const WAIT_MS = 2000;
const fields = form ? form.elements : {};
let timer = 0;
let busy = false;
let again = false;

const tell = (words) => { if (state) state.textContent = words; };

const keep = async () => {
  if (busy) { again = true; return; }
  busy = true;
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && (name.startsWith('c:') || name.startsWith('n:') || name === 'csrf' || name === 'base' || name === 'revision')) body.append(name, value);
  }
  try {
    const answer = await fetch(form.dataset.draft, { method: 'POST', body, credentials: 'same-origin', redirect: 'manual' });
    if (answer.type === 'opaqueredirect') {
      tell('登录已过期：草稿没有存上，请在新窗口登录后回来再存');
    } else if (answer.ok) {
      const { revision } = await answer.json();
      fields.namedItem('revision').value = revision;
      tell(`草稿已存 ${new Date().toTimeString().slice(0, 5)}，还没有报送`);
    } else {
      const told = await answer.json().catch(() => ({}));
      tell(`草稿没有存上：${told.words || '服务暂时不可用，请稍后再存'}`);
    }
  } catch {
    tell('草稿没有存上：网络断了，连上后会再存');
    timer = setTimeout(keep, 5 * WAIT_MS);
  }
  busy = false;
  if (again) { again = false; keep(); }
};

if (form) {
  form.addEventListener('input', (event) => {
    const cell = event.target.closest('td.cell');
    if (!cell) return;
    cell.classList.remove('saved', 'wrong');
    cell.classList.add('changed');
    tell('正在存草稿…');
    clearTimeout(timer);
    timer = setTimeout(keep, WAIT_MS);
  });
  form.addEventListener('submit', () => clearTimeout(timer));
}
