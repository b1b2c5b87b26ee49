// A task in a real browser, from assigning to closing out, by a supervisor and a town reporter: once with script and
// once without. Then a leader's sentence on a phone. Run by bin/test; needs target/debug/baton and CHROMIUM.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { serve, signIn as signInTo } from './serving.mjs';

let zone, base;
before(async () => {
  zone = await serve();
  ({ base } = zone);
});
after(async () => zone?.stop());

const signIn = async (login, options) => (await signInTo(zone, login, options)).page;

// Opens the part of the page for an act, fills it in and sends it.
const act = async (page, path, key, fill, button = 'button') => {
  await page.goto(path);
  const part = page.locator(`details.act[id^="${key}-"]`);
  if (!(await part.first().getAttribute('open').then((open) => open !== null))) await part.first().locator('summary').click();
  if (fill) await part.first().locator('textarea[name=words]').fill(fill);
  await Promise.all([page.waitForURL(/done=/), part.first().locator(button).click()]);
};

for (const javaScriptEnabled of [true, false]) {
  test(`a task runs from assigning to closing out ${javaScriptEnabled ? 'with' : 'without'} script`, async () => {
    const supervisor = await signIn('supervisor', { javaScriptEnabled });
    const reporter = await signIn('reporter', { javaScriptEnabled });
    const town = (await reporter.locator('.who').innerText()).split(' · ')[0];
    const title = `核对台账${javaScriptEnabled ? '一' : '二'}`;
    await supervisor.goto(`${base}/tasks/new`);
    await supervisor.fill('#title', title);
    await supervisor.selectOption('#lead', { label: town });
    await supervisor.fill('#limit', '5');
    await Promise.all([supervisor.waitForURL(/done=task-assigned/), supervisor.click('button[value=assign]')]);
    const path = supervisor.url().split('?')[0];
    await reporter.goto(`${base}/`);
    await reporter.click(`text=${title}`);
    assert.equal(reporter.url(), path);
    await act(reporter, path, 'acknowledgement');
    await act(reporter, path, 'feedback', '已核对一半，缺两张表', 'button[value=no]');
    await act(reporter, path, 'feedback', '全部核对完', 'button[value=yes]');
    await act(supervisor, path, 'return', '没有附核对表');
    await reporter.goto(path);
    assert.match(await reporter.locator('.timeline').innerText(), /没有附核对表/);
    await act(reporter, path, 'feedback', '核对表已补', 'button[value=yes]');
    await act(supervisor, path, 'completion');
    await act(supervisor, path, 'closure');
    assert.match(await supervisor.locator('.state').innerText(), /已销号/);
    const told = await reporter.goto(path).then(() => reporter.locator('.timeline').innerText());
    for (const words of ['交办', '签收', '已核对一半', '退回反馈', '核对表已补', '办结', '销号']) assert.ok(told.includes(words), words);
    await supervisor.context().close();
    await reporter.context().close();
  });
}

test('several tasks are chosen by ticking and acted on together, row by row', async () => {
  const page = await signIn('supervisor');
  await page.goto(`${base}/tasks`);
  for (const box of (await page.locator('input[name=task]').all()).slice(0, 2)) await box.check();
  await page.click('#batch button');
  assert.equal(await page.locator('main ul.list > li').count(), 2);
  await page.context().close();
});

test('a leader says a sentence on a phone and the office finds it on its desk', async () => {
  const leader = await signIn('leader', { viewport: { width: 390, height: 800 } });
  await leader.goto(`${base}/tasks`);
  await leader.click('.tasklist tbody a');
  await leader.fill('#instruction-words', '本周内到现场看一次');
  await Promise.all([leader.waitForURL(/done=instructed/), leader.click('#instructions button')]);
  const wide = await leader.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(wide, false, 'nothing sticks out on a phone');
  const supervisor = await signIn('supervisor');
  await supervisor.click('text=本周内到现场看一次');
  assert.match(supervisor.url(), /\/instructions\//);
  await supervisor.click('text=立项交办');
  assert.equal(await supervisor.inputValue('#said'), '本周内到现场看一次');
  await leader.context().close();
  await supervisor.context().close();
});
