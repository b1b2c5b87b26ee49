// Grid: arrows and Enter move between cells; a block copied from a spreadsheet is laid in from the focused cell.
// What is pasted is only typed: the page's own buttons save or report it. Without this the paste box does the same.
const table = (cell) => cell.closest('table.fill');
const controls = (row) => Array.from(row.querySelectorAll('td.cell'), (td) => td.querySelector('input:not([type=hidden]), select, textarea'));

const place = (cell) => {
  const rows = Array.from(table(cell).tBodies[0].rows);
  const row = cell.closest('tr');
  return { rows, r: rows.indexOf(row), c: controls(row).indexOf(cell) };
};

const go = (cell, down, right) => {
  const { rows, r, c } = place(cell);
  for (let i = r + down, j = c + right; rows[i] && j >= 0; i += down, j += right) {
    const next = controls(rows[i])[j];
    if (next) { next.focus(); if (next.select) next.select(); return true; }
    if (!down && j >= controls(rows[i]).length) return false;
  }
  return false;
};

document.addEventListener('keydown', (event) => {
  const cell = event.target;
  if (!cell.closest || !cell.closest('td.cell') || cell.tagName === 'SELECT' || event.altKey || event.ctrlKey || event.metaKey) return;
  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [event.shiftKey ? -1 : 1, 0] };
  const move = moves[event.key];
  if (!move || (cell.tagName === 'TEXTAREA' && event.key !== 'Enter')) return;
  if (event.isComposing) return;
  event.preventDefault();
  go(cell, move[0], move[1]);
});

// Cells of a copied block: tab-separated, quoted cells may hold line breaks, one trailing line break is none.
export const cells = (text) => {
  const rows = [[]];
  let at = 0;
  while (at < text.length) {
    let value = '';
    if (text[at] === '"' && /"(?:[^"]|"")*"(?=\t|\r?\n|$)/y.test(text.slice(at))) {
      const quoted = /^"((?:[^"]|"")*)"/.exec(text.slice(at));
      value = quoted[1].replace(/""/g, '"');
      at += quoted[0].length;
    } else {
      value = /^[^\t\r\n]*/.exec(text.slice(at))[0];
      at += value.length;
    }
    rows[rows.length - 1].push(value);
    if (text[at] === '\t') { at += 1; if (at === text.length) rows[rows.length - 1].push(''); continue; }
    const end = /^\r?\n/.exec(text.slice(at));
    if (!end) break;
    at += end[0].length;
    if (at < text.length) rows.push([]);
  }
  return rows;
};

document.addEventListener('paste', (event) => {
  const cell = event.target;
  const text = event.clipboardData && event.clipboardData.getData('text/plain');
  if (!text || !cell.closest || !cell.closest('td.cell')) return;
  const block = cells(text);
  if (block.length === 1 && block[0].length === 1) return;
  event.preventDefault();
  const { rows, r, c } = place(cell);
  let left = 0;
  block.forEach((line, i) => line.forEach((value, j) => {
    const target = rows[r + i] && controls(rows[r + i])[c + j];
    if (!target || !value.trim()) { if (value.trim()) left += 1; return; }
    target.value = value.trim();
    target.closest('td').classList.add('changed');
    target.dispatchEvent(new Event('input', { bubbles: true }));
  }));
  const state = document.getElementById('draft-state');
  if (state && left) state.textContent = `有 ${left} 格没有地方放，没有贴上`;
});
