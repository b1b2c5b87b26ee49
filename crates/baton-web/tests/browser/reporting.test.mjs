// Reporting in a real browser: a block of 200 × 12 pasted as Excel, WPS and LibreOffice copy it, two editors of one
// report, a session that ends in the middle of typing, and the whole of it with JavaScript off. Run by bin/test.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { enter, serve, signIn as signInTo } from './serving.mjs';

const ROWS = 200;
const COLUMNS = 12;
const FIELD = 'td.cell input:not([type=hidden]), td.cell select, td.cell textarea';

let zone, base, form, unit;

const signIn = (login, options) => signInTo(zone, login, options);

// Posts a form of a page as the page itself would, with more fields; answers where it leads.
const post = (page, from, act, fields) => page.evaluate(async ([from, act, fields]) => {
  const doc = new DOMParser().parseFromString(await (await fetch(from)).text(), 'text/html');
  const form = doc.querySelector(`form[action="${act}"]`);
  const body = new URLSearchParams();
  for (const name of ['csrf', 'key', 'base']) body.append(name, form.querySelector(`input[name=${name}]`).value);
  for (const [name, value] of fields) body.append(name, value);
  const answer = await fetch(act, { method: 'POST', body, redirect: 'follow' });
  return { url: answer.url, ok: answer.ok, text: answer.ok ? '' : (await answer.text()).replace(/<[^>]+>/g, ' ').slice(0, 2000) };
}, [from, act, fields]);

before(async () => {
  zone = await serve();
  ({ base } = zone);

  // A round of its own: the reporter's unit has as many projects as the block has rows.
  const reporter = await signIn('reporter');
  await reporter.page.goto(`${base}/rounds`);
  await reporter.page.click('main tbody th a');
  unit = (await reporter.page.getAttribute('main a[href*="/units/"]', 'href')).split('/').pop();
  await reporter.context.close();
  const clerk = await signIn('clerk');
  const kind = 'project';
  const need = async (from, act, fields) => {
    const answer = await post(clerk.page, from, act, fields);
    assert.ok(answer.ok, answer.text);
    return answer.url;
  };
  await clerk.page.goto(`${base}/items/new?kind=${kind}`);
  const stage = await clerk.page.$eval('#stage', (s) => Array.from(s.options).find((o) => /在建|开工/.test(o.text)).value);
  const today = await clerk.page.inputValue('#on');
  const required = await clerk.page.$$eval('main form .field', (list) => list
    .filter((f) => !f.querySelector('small') && /^f/.test(f.querySelector('[name]')?.name ?? ''))
    .map((f) => { const c = f.querySelector('[name]'); return [c.name, c.tagName === 'SELECT' ? c.options[1].value : '1000']; }));
  for (let n = 1; n <= ROWS; n += 1) {
    await need(`/items/new?kind=${kind}`, '/items', [['kind', kind], ['name', `粘贴项目 ${n}`], ['code', `ZT-${String(n).padStart(3, '0')}`], ['lead', unit], ['stage', stage], ['on', today], ...required]);
  }
  const round = await need('/rounds/new', '/rounds', [['title', '粘贴'], ['period', today.slice(0, 7).replace('-', 'M')], ['kinds', kind], ['units', unit], ['opens', today], ['due', today], ['closes', today]]);
  form = `${new URL(round).pathname}/units/${unit}`;
  await clerk.context.close();
});

after(async () => zone?.stop());

// Puts data on the clipboard event of the focused cell, as the browser does on Ctrl+V.
const paste = (page, formats) => page.evaluate((formats) => {
  const data = new DataTransfer();
  for (const [type, text] of Object.entries(formats)) data.setData(type, text);
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}, formats);

const block = Array.from({ length: ROWS }, (_, r) => Array.from({ length: COLUMNS }, (_, c) => String(r * 10 + c)));
const tsv = (end, last) => block.map((row) => row.join('\t')).join(end) + last;
const html = `<html><body><table>${block.map((row) => `<tr>${row.map((v) => `<td>${v}</td>`).join('')}</tr>`).join('')}</table></body></html>`;
const CLIPBOARDS = {
  Excel: { 'text/plain': tsv('\r\n', '\r\n'), 'text/html': html },
  WPS: { 'text/plain': tsv('\r\n', '\r\n') },
  LibreOffice: { 'text/plain': tsv('\n', ''), 'text/html': html },
  'a table without plain text': { 'text/html': html },
};

// Values of all cells by row, locked ones as null.
const values = (page) => page.evaluate((field) => Array.from(document.querySelectorAll('table.fill tbody tr'), (tr) =>
  Array.from(tr.querySelectorAll('td.cell'), (td) => td.querySelector(field.replaceAll('td.cell ', ''))?.value ?? null)), FIELD);

for (const [name, formats] of Object.entries(CLIPBOARDS)) {
  test(`a block of ${ROWS} × ${COLUMNS} from ${name} touches exactly its cells and one Ctrl+Z takes it back`, async () => {
    const { page, context, complaints } = await signIn('reporter');
    await page.goto(base + form);
    const before = await values(page);
    const first = page.locator('table.fill tbody tr', { hasText: 'ZT-001' });
    const from = await first.evaluate((tr) => Array.from(document.querySelectorAll('table.fill tbody tr')).indexOf(tr));
    const table = await first.evaluate((tr) => tr.closest('table').tBodies[0].rows.length - tr.sectionRowIndex);
    await first.locator(FIELD).first().focus();
    const column = before[from].findIndex((v) => v !== null);
    const took = await page.evaluate(() => performance.now());
    await paste(page, formats);
    assert.ok((await page.evaluate(() => performance.now())) - took < 3000);
    const now = await values(page);
    let laid = 0;
    before.forEach((row, r) => row.forEach((was, c) => {
      const inside = r >= from && r < from + Math.min(ROWS, table) && c >= column && c < column + COLUMNS;
      const wanted = inside && was !== null ? block[r - from][c - column] : was;
      // A choice takes only its own words.
      if (inside && was !== null && now[r][c] !== wanted) assert.equal(now[r][c], was, `row ${r} column ${c}`);
      else assert.equal(now[r][c], wanted, `row ${r} column ${c}`);
      if (now[r][c] !== was) laid += 1;
    }));
    assert.ok(laid > ROWS * 5, `${laid} cells`);
    assert.match(await page.innerText('#paste-state'), /粘贴了 \d+ 格/);
    // Kept on the server within two seconds, and the counts add up.
    await page.waitForFunction(() => /草稿已存/.test(document.getElementById('draft-state').textContent), null, { timeout: 10_000 });
    const counts = await page.$$eval('#counts dd', (list) => list.map((d) => Number(d.textContent)));
    assert.equal(counts.slice(0, -1).reduce((a, b) => a + b, 0), counts.at(-1));
    await page.locator(FIELD).first().focus();
    await page.keyboard.press('Control+z');
    assert.deepEqual(await values(page), before, 'one undo for the whole block');
    await page.waitForFunction(() => /草稿已存/.test(document.getElementById('draft-state').textContent));
    await page.waitForTimeout(2500);
    await page.reload();
    assert.deepEqual(await values(page), before);
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test('arrows, Enter and Tab go from cell to cell, also from row to row', async () => {
  const { page, context } = await signIn('reporter');
  await page.goto(base + form);
  const all = page.locator(FIELD);
  const id = () => page.evaluate(() => document.activeElement.id);
  const ids = await all.evaluateAll((list) => list.map((f) => f.id));
  await all.first().focus();
  await page.keyboard.press('Tab');
  assert.equal(await id(), ids[1]);
  await page.keyboard.press('Shift+Tab');
  assert.equal(await id(), ids[0]);
  await page.keyboard.press('ArrowRight');
  assert.equal(await id(), ids[1]);
  const row = Number(ids[1].split('-')[1]);
  await page.keyboard.press('Enter');
  assert.equal(Number((await id()).split('-')[1]), row + 1);
  await page.keyboard.press('ArrowUp');
  assert.equal(await id(), ids[1]);
  await context.close();
});

test('two editors of one report: their cells merge, and where both typed both values are shown', async () => {
  const [a, b] = [await signIn('reporter'), await signIn('checker')];
  await a.page.goto(base + form);
  await b.page.goto(base + form);
  const cell = (visit, n) => visit.page.locator('tr', { hasText: 'ZT-003' }).locator(FIELD).nth(n);
  await cell(b, 0).fill('77');
  await cell(b, 0).blur();
  await b.page.waitForFunction(() => /草稿已存/.test(document.getElementById('draft-state').textContent));
  await Promise.all([b.page.waitForURL(/\/submissions\//), b.page.locator('#grid p.actions button[value=part]').click()]);
  await cell(a, 0).fill('78');
  await cell(a, 1).fill('5');
  await cell(a, 1).blur();
  await a.page.waitForSelector('#clashes:not([hidden])');
  assert.match(await a.page.innerText('#clashes'), /77[\s\S]*78/);
  assert.equal(await cell(a, 0).inputValue(), '78', 'nothing typed is lost');
  await a.page.reload();
  assert.equal(await cell(a, 0).inputValue(), '78');
  assert.equal(await cell(a, 1).inputValue(), '5');
  await a.page.locator('#clashes input[value=theirs]').first().check();
  await a.page.waitForSelector('#clashes', { state: 'hidden' });
  await a.page.reload();
  assert.equal(await cell(a, 0).inputValue(), '77');
  assert.equal(await cell(a, 1).inputValue(), '5');
  await a.page.locator('button[value=discard]').first().click();
  for (const one of [a, b]) { assert.deepEqual(one.complaints, []); await one.context.close(); }
});

test('a session that ends in the middle of typing loses nothing', async () => {
  const { page, context, complaints } = await signIn('reporter');
  await page.goto(base + form);
  const cell = page.locator('tr', { hasText: 'ZT-004' }).locator(FIELD).first();
  await cell.fill('41');
  await page.waitForFunction(() => /草稿已存/.test(document.getElementById('draft-state').textContent));
  await context.clearCookies();
  await cell.fill('42');
  await page.waitForSelector('#session:not([hidden])');
  assert.match(await page.innerText('#session'), /登录已过期/);
  assert.equal(await cell.inputValue(), '42');
  // Sending now goes nowhere, and the page stays with what was typed.
  await page.locator('#grid p.actions button[value=part]').click();
  await page.waitForTimeout(800);
  assert.ok(page.url().endsWith(form));
  const other = await context.newPage();
  await enter(zone, other, 'reporter');
  await other.close();
  await page.locator('#session-extend').click();
  await page.waitForSelector('#session', { state: 'hidden' });
  await page.goto(base + form);
  assert.equal(await cell.inputValue(), '42');
  await page.locator('button[value=discard]').first().click();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('without JavaScript a block is pasted, a row filled, a question answered and the report sent', async () => {
  const { page, context } = await signIn('reporter', { javaScriptEnabled: false });
  await page.goto(base + form);
  await page.locator('#paste-box summary').click();
  const row = await page.locator('#paste_row option', { hasText: '粘贴项目 5' }).first().getAttribute('value');
  await page.selectOption('#paste_row', row);
  await page.selectOption('#paste_column', { index: 0 });
  await page.fill('#paste', '11\t3\r\n12\t4\r\n');
  await Promise.all([page.waitForURL(/laid=/), page.locator('button[value=paste]').click()]);
  assert.match(await page.innerText('main'), /粘贴了 4 格/);
  const filled = page.locator('tr', { hasText: 'ZT-020' });
  await Promise.all([page.waitForURL(/done=draft-kept/), filled.locator('button[value^="zero:"]').click()]);
  assert.equal(await filled.locator(FIELD).first().inputValue(), '0');
  await Promise.all([page.waitForURL(/\/submissions\//), page.locator('#grid p.actions button[value=part]').click()]);
  assert.match(await page.innerText('main'), /待审核/);
  await context.close();
});
