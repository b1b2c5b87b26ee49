// Paste: a block copied from Excel, WPS or LibreOffice is laid in from the focused cell, exactly its own cells,
// as one step that Ctrl+Z takes back; and rows are filled as a whole.
import { change, fields, grid, rows, w } from './grid.js';

// Cells of copied text: tab-separated, quoted ones may hold line breaks, one trailing line break is none.
export const parse = (text) => {
  const block = [['']];
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    const row = block[block.length - 1];
    const last = row.length - 1;
    if (c === '"' && quoted && text[i + 1] === '"') { row[last] += '"'; i += 1; }
    else if (c === '"' && quoted) quoted = false;
    else if (c === '"' && row[last] === '') quoted = true;
    else if (c === '\t' && !quoted) row.push('');
    else if (c === '\r' && !quoted) continue;
    else if (c === '\n' && !quoted) { if (i + 1 < text.length) block.push(['']); }
    else row[last] += c;
  }
  return block;
};

// Cells of a copied table when there is no plain text of it: a merged cell says its words once.
const parseHtml = (html) => Array.from(new DOMParser().parseFromString(html, 'text/html').querySelectorAll('tr'), (tr) =>
  Array.from(tr.cells).flatMap((td) => [td.textContent.trim(), ...Array(Math.max(0, td.colSpan - 1)).fill('')]));

const copied = (data) => {
  const text = data.getData('text/plain');
  const html = data.getData('text/html');
  if (!/[\t\n]/.test(text.trim()) && /<t[dr][\s>]/i.test(html)) return parseHtml(html);
  return parse(text);
};

const say = (words) => {
  const state = document.getElementById('paste-state');
  if (state) { state.textContent = words; state.hidden = false; }
};

// Words of a choice are its key.
const valueFor = (field, words) => {
  if (field.tagName !== 'SELECT') return words;
  const found = Array.from(field.options).find((o) => o.text.trim() === words || o.value === words);
  return found ? found.value : null;
};

grid?.addEventListener('paste', (event) => {
  const from = event.target;
  if (!from.closest('td.cell') || !event.clipboardData) return;
  const block = copied(event.clipboardData);
  if (block.length === 1 && block[0].length === 1) return;
  event.preventDefault();
  const table = from.closest('table');
  const mine = rows.filter((row) => row.closest('table') === table);
  const start = mine.indexOf(from.closest('tr'));
  const column = fields(mine[start]).indexOf(from);
  const step = [];
  let locked = 0;
  let over = 0;
  let blank = 0;
  block.forEach((line, i) => {
    const list = mine[start + i] ? fields(mine[start + i]) : [];
    line.forEach((value, j) => {
      const words = value.trim();
      const field = list[column + j];
      if (!words) blank += 1;
      else if (field === undefined) over += 1;
      else if (field === null || valueFor(field, words) === null) locked += 1;
      else step.push([field, valueFor(field, words)]);
    });
  });
  change(step);
  const parts = [w(`粘贴了 ${step.length} 格，Ctrl+Z 一次撤回`, `${step.length} cells pasted; one Ctrl+Z takes them back`)];
  if (locked) parts.push(w(`锁定或不在选项内的 ${locked} 格没有动`, `${locked} locked or unlisted cells left alone`));
  if (over) parts.push(w(`多出 ${over} 格，表里没有地方，没有贴`, `${over} cells had no place in the table`));
  if (blank) parts.push(w(`空白 ${blank} 格没有动`, `${blank} blank cells left alone`));
  say(parts.join(w('；', '; ')));
});

// "None this month" and "same as last": the button's own data says what each cell would be.
grid?.addEventListener('click', (event) => {
  const button = event.target.closest('button.fill-row');
  if (!button) return;
  event.preventDefault();
  const what = button.value.split(':')[0];
  const step = fields(button.closest('tr')).filter((f) => f && f.dataset[what] !== undefined).map((f) => [f, f.dataset[what]]);
  const count = change(step);
  say(w(`填了 ${count} 格，Ctrl+Z 一次撤回`, `${count} cells filled; one Ctrl+Z takes them back`));
});
