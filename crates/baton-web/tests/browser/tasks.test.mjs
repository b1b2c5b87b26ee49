// A task in a real browser, from assigning to closing out, by a supervisor and a town reporter: once with script and
// once without. Then a leader's sentence on a phone. Run by bin/test; needs target/debug/baton and CHROMIUM.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');
const BATON = join(ROOT, 'target/debug/baton');
const PASSWORD = 'yunling-demo-2023';

let dir, server, base, browser;

const freePort = () => new Promise((done) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => done(port));
  });
});

const answering = async () => {
  while (server.exitCode === null) {
    try {
      if ((await fetch(`${base}/sign-in`)).ok) return;
    } catch {
      await new Promise((again) => setTimeout(again, 100));
    }
  }
  throw new Error(`baton serve ended with ${server.exitCode}`);
};

before(async () => {
  dir = mkdtempSync(join(tmpdir(), 'baton-tasks-'));
  execFileSync(BATON, ['demo', '--no-serve', '--dir', dir], { stdio: 'ignore' });
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  server = spawn(BATON, ['serve', '--dir', join(dir, 'zone'), '--listen', `127.0.0.1:${port}`], { stdio: 'ignore' });
  await answering();
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
});

after(async () => {
  await browser?.close();
  server?.kill('SIGTERM');
  if (dir) rmSync(dir, { recursive: true, force: true });
});

const signIn = async (login, options = {}) => {
  const context = await browser.newContext({ locale: 'zh-CN', ...options });
  const page = await context.newPage();
  await page.goto(`${base}/sign-in`);
  await page.fill('input[name=login]', login);
  await page.fill('input[name=password]', PASSWORD);
  await Promise.all([page.waitForURL(`${base}/`), page.press('input[name=password]', 'Enter')]);
  return page;
};

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
