// States: what the server says of each cell after it kept the draft: class, words, counts, questions, two values.
import { grid, w } from './grid.js';

const made = (tag, props, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};

const KINDS = ['saved', 'changed', 'waiting', 'marked', 'doubt', 'clash', 'wrong'];
const state = (field, kind, note) => {
  const td = field.closest('td');
  td.classList.remove(...KINDS);
  if (kind) td.classList.add(...kind.split(' '));
  let words = document.getElementById(`${field.id}n`);
  if (!words && note) {
    words = made('small', { id: `${field.id}n` });
    field.after(words);
    field.setAttribute('aria-describedby', words.id);
  }
  if (words) words.textContent = note;
  field.toggleAttribute('aria-invalid', false);
  if (td.classList.contains('wrong')) field.setAttribute('aria-invalid', 'true');
};

const counted = (told) => {
  const list = document.getElementById('counts');
  if (!list) return;
  const parts = [...told.counts, [w('合计', 'all'), told.all]];
  list.replaceChildren(...parts.flatMap(([word, n]) => [made('dt', {}, word), made('dd', {}, String(n))]));
};

// Questions: what is being answered keeps its field.
const doubts = (list) => {
  const part = document.getElementById('doubts');
  const ul = part.querySelector('ul');
  const known = new Map(Array.from(ul.children, (li) => [li.dataset.mark, li]));
  ul.replaceChildren(...list.map(([mark, place, title, words, answer]) => {
    const old = known.get(mark);
    if (old) { old.querySelector('p').textContent = words; return old; }
    const id = `e-${mark}`;
    const head = made('div', { className: 'row' }, made('strong', {}, title), made('a', { href: `#${mark}` }, w('到这一格', 'to the cell')));
    const field = made('textarea', { id, name: `e:${place}`, rows: 2, maxLength: 4000, value: answer });
    const answered = made('div', { className: 'field top-s' }, made('label', { htmlFor: id }, w('原因', 'Explanation')), field);
    const li = made('li', {}, head, made('p', {}, words), answered);
    li.dataset.mark = mark;
    return li;
  }));
  part.hidden = !list.length;
  part.querySelector('.count').textContent = list.length;
};

const clashes = (list) => {
  const part = document.getElementById('clashes');
  const ul = part.querySelector('ul');
  const known = new Map(Array.from(ul.children, (li) => [li.dataset.mark, li]));
  ul.replaceChildren(...list.map(([mark, place, title, whose, theirs, yours]) => {
    const old = known.get(mark);
    if (old) return old;
    const choice = (value, words) => made('label', { className: 'choice' }, made('input', { type: 'radio', name: `k:${place}`, value }), ` ${words}`);
    const both = made('fieldset', { className: 'field' }, made('legend', {}, title), choice('theirs', `${whose}${w('：', ': ')}${theirs}`), choice('mine', `${w('这里填的：', 'typed here: ')}${yours}`));
    const li = made('li', {}, both);
    li.dataset.mark = mark;
    return li;
  }));
  part.hidden = !list.length;
  part.querySelector('.count').textContent = list.length;
};

// Takes what the server said. What has been typed since stays as typed.
export const take = (told, touched) => {
  for (const td of grid.querySelectorAll('td.cell')) {
    const field = td.querySelector('input:not([type=hidden]), select, textarea');
    if (!field || touched.has(field.name)) continue;
    const [kind, note, value, version] = told.cells[field.id] || [td.dataset.rest, '', null, 0];
    if (value !== null && value !== undefined && document.activeElement !== field) {
      field.value = value;
      // The page now shows this version.
      const name = `n:${field.name.slice(2)}`;
      const seen = td.querySelector('input[type=hidden]') || made('input', { type: 'hidden', name });
      seen.value = version;
      field.after(seen);
    }
    state(field, kind, note);
  }
  counted(told);
  doubts(told.doubts);
  clashes(told.clashes);
};

// The year to date beside a cell follows what is typed, when it is a plain number.
export const toDate = (field) => {
  const sum = field.closest('td').querySelector('small.sum');
  const typed = field.value.trim().replace(/[,，]/g, '');
  if (!sum || (typed && !/^-?\d+(\.\d+)?$/.test(typed))) return;
  const total = Math.round((Number(sum.dataset.before) + Number(typed || 0)) * 1e6) / 1e6;
  sum.lastElementChild.textContent = total.toLocaleString('en-US');
};
