// Grid: all tables of a form are one: arrows, Enter and Tab go from cell to cell, and one Ctrl+Z takes a whole
// paste or filled row back. What is changed is only typed: the page's own buttons report it.
const FIELD = 'input:not([type=hidden]), select, textarea';
export const zh = document.documentElement.lang.startsWith('zh');
export const w = (chinese, english) => (zh ? chinese : english);
export const grid = document.getElementById('grid');
export const rows = grid ? Array.from(grid.querySelectorAll('table.fill tbody tr')) : [];
export const fields = (row) => Array.from(row.querySelectorAll('td.cell'), (td) => td.querySelector(FIELD));
const at = (field) => {
  const row = field.closest('tr');
  return { r: rows.indexOf(row), c: fields(row).indexOf(field) };
};

// Steps done and undone: each is a list of [field, before, after].
const done = [];
const undone = [];
const entered = new WeakMap();
const tell = (field) => field.dispatchEvent(new Event('input', { bubbles: true }));
const put = (list, which) => {
  for (const change of list) { change[0].value = change[which]; entered.set(change[0], change[which]); tell(change[0]); }
  if (list.length) list[0][0].focus();
};

// Sets many fields as one step.
export const change = (list) => {
  const step = list.filter(([field, value]) => field.value !== value).map(([field, value]) => [field, field.value, value]);
  if (!step.length) return 0;
  done.push(step);
  undone.length = 0;
  put(step, 2);
  return step.length;
};

const go = (field, down, right) => {
  const { r, c } = at(field);
  for (let i = r + down, j = c + right; rows[i]; i += down) {
    const list = fields(rows[i]);
    for (; right && j >= 0 && j < list.length && !list[j]; j += right);
    const next = down ? list[Math.min(j, list.length - 1)] : list[j];
    if (next) { next.focus(); if (next.select) next.select(); return true; }
    if (!down) return false;
  }
  return false;
};

// Tab goes on to the next cell to fill in, also into the next row and table; at either end it leaves the grid.
const tab = (field, back) => {
  const all = rows.flatMap(fields).filter(Boolean);
  const next = all[all.indexOf(field) + (back ? -1 : 1)];
  if (next) { next.focus(); if (next.select) next.select(); }
  return Boolean(next);
};

const edge = (field, side) => {
  if (field.tagName === 'SELECT' || field.selectionStart === undefined) return true;
  const all = field.selectionStart === 0 && field.selectionEnd === field.value.length;
  return all || (field.selectionStart === field.selectionEnd && field.selectionStart === (side < 0 ? 0 : field.value.length));
};

const undo = (field, again) => {
  // What is being typed in this cell is the browser's own to undo.
  if (!again && entered.has(field) && field.value !== entered.get(field)) return false;
  const [from, to] = again ? [undone, done] : [done, undone];
  const step = from.pop();
  if (!step) return false;
  to.push(step);
  put(step, again ? 2 : 1);
  return true;
};

grid?.addEventListener('focusin', (event) => { if (event.target.closest('td.cell')) entered.set(event.target, event.target.value); });
grid?.addEventListener('change', (event) => {
  const field = event.target;
  if (!field.closest('td.cell') || field.value === entered.get(field)) return;
  done.push([[field, entered.get(field) ?? field.defaultValue ?? '', field.value]]);
  undone.length = 0;
  entered.set(field, field.value);
});
grid?.addEventListener('keydown', (event) => {
  const field = event.target;
  if (!field.closest('td.cell') || event.isComposing || event.altKey) return;
  const ctrl = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  let did = false;
  if (ctrl && key === 'z') did = undo(field, event.shiftKey);
  else if (ctrl && key === 'y') did = undo(field, true);
  else if (ctrl) return;
  else if (key === 'Tab') did = tab(field, event.shiftKey);
  else if (key === 'Enter') { go(field, event.shiftKey ? -1 : 1, 0); did = true; }
  else if (field.tagName === 'SELECT' && key !== 'ArrowLeft' && key !== 'ArrowRight') return;
  else if (key === 'ArrowUp' || key === 'ArrowDown') { did = field.tagName !== 'TEXTAREA' || !field.value.includes('\n'); if (did) go(field, key === 'ArrowUp' ? -1 : 1, 0); }
  else if (key === 'ArrowLeft' && edge(field, -1)) did = go(field, 0, -1);
  else if (key === 'ArrowRight' && edge(field, 1)) did = go(field, 0, 1);
  if (did) event.preventDefault();
});
