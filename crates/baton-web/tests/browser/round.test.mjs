// A round in a real browser: the demo zone's pages for four people at two widths, and one correction from the
// reporter's form to the checker's desk. Run by bin/test; needs target/debug/baton and CHROMIUM.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { serve, signIn as signInTo } from './serving.mjs';

const WIDTHS = [1440, 390];
const FORMS = 'a[href*="/units/"]';

let zone, base;
before(async () => {
  zone = await serve();
  ({ base } = zone);
});
after(async () => zone?.stop());

const signIn = (login) => signInTo(zone, login);

// Opens a page at both widths and looks at it as a whole.
const look = async ({ page, complaints }, path) => {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const answer = await page.goto(base + path);
    assert.equal(answer.status(), 200, `${path} at ${width}`);
    const seen = await page.evaluate(() => ({
      over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      text: document.body.innerText,
      title: document.title,
    }));
    assert.ok(seen.over <= 0, `${path} at ${width}: ${seen.over} px too wide`);
    assert.doesNotMatch(seen.text + seen.title, /\bpage\.[a-z]/, `${path}: a word without a translation`);
    assert.ok(seen.text.length > 100, `${path} at ${width} is empty`);
    assert.deepEqual(complaints, [], `${path} at ${width}`);
  }
};

// The first link of a page that matches, as a path.
const first = async (page, path, selector) => {
  await page.goto(base + path);
  return page.locator(`main ${selector}`).first().getAttribute('href');
};

const MAIN = ['/', '/menu', '/account', '/review', '/review/2023Q1', '/items', '/rounds', '/meetings', '/tasks', '/tasks?as=board', '/papers', '/units', '/search?q=项目'];
const MORE = {
  reporter: [],
  checker: [],
  clerk: ['/rounds/new', '/meetings/new', '/tasks/new', '/blueprint', '/review/2023Q1?known=2023-04-01', '/review/2030Q1'],
  leader: ['/review/2023Q1?known=2023-04-01'],
};

for (const [login, more] of Object.entries(MORE)) {
  test(`the pages of the ${login} fit, speak and complain of nothing`, async () => {
    const visit = await signIn(login);
    for (const path of [...MAIN, ...more]) await look(visit, path);
    const found = [];
    for (const [list, selector] of [['/items', 'tbody th a'], ['/rounds', 'a[href^="/rounds/"]:not([href$="/new"])'], ['/meetings', 'a[href^="/meetings/"]:not([href$="/new"])'], ['/tasks', 'tbody td a'], ['/papers', 'a[href^="/papers/"]']]) {
      await visit.page.goto(base + list);
      const links = visit.page.locator(`main ${selector}`);
      if (await links.count()) found.push(await links.first().getAttribute('href'));
    }
    assert.ok(found.length >= 2, `only ${found}`);
    for (const path of found) await look(visit, path);
    const round = found.find((path) => path.startsWith('/rounds/'));
    if (round) await look(visit, await first(visit.page, round, FORMS));
    await visit.context.close();
  });
}

test('a reporter proposes a changed figure, the form says that it waits, and the checker sees it', async () => {
  const { page, context, complaints } = await signIn('reporter');
  await page.setViewportSize({ width: 1440, height: 900 });
  const round = await first(page, '/rounds', 'a[href^="/rounds/"]:not([href$="/new"])');
  const form = await first(page, round, FORMS);
  await page.goto(base + form);
  const cell = page.locator('td.cell input[inputmode=decimal]').first();
  const name = await cell.getAttribute('name');
  const value = String(Number((await cell.inputValue()) || 0) + 7);
  await cell.fill(value);
  // What is required and still empty is withheld with a reason: this round is not all of the work.
  for (const empty of await page.locator('td.cell input[inputmode=decimal]').all()) {
    if (!(await empty.inputValue())) await empty.fill('暂不报送：发票未到');
  }
  const because = page.locator('#because');
  if (await because.count()) await because.fill('核对凭证后更正');
  await Promise.all([page.waitForURL(/\/submissions\//), page.locator('#grid p.actions button[value=propose]').click()]);
  const submission = new URL(page.url()).pathname;
  assert.match(await page.innerText('main'), /待审核/);
  await page.goto(base + form);
  assert.equal(await page.locator(`input[name="${name}"]`).inputValue(), value, 'what was sent stands in the form');
  assert.match(await page.innerText('main'), /已交审核人/);
  assert.deepEqual(complaints, []);
  await context.close();

  const checker = await signIn('checker');
  assert.ok(await checker.page.locator(`main a[href="${submission}"]`).count(), 'it is on the checker’s desk');
  await checker.page.goto(base + submission);
  assert.match(await checker.page.innerText('main'), new RegExp(Number(value).toLocaleString('en-US')));
  assert.ok(await checker.page.locator('button', { hasText: '核对无误，报送' }).count());
  assert.deepEqual(checker.complaints, []);
  await checker.context.close();
});
