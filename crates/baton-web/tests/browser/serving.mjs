// A demo zone served by the built binary, and people signed in to it: what every browser test stands on.
// Needs target/debug/baton; CHROMIUM names the browser.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');
const PASSWORD = 'yunling-demo-2023';
const BATON = join(ROOT, 'target/debug/baton');
// Chromium knows these words for a page that was refused on purpose.
const EXPECTED = /status of 4\d\d/;

const freePort = () => new Promise((done) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => done(port));
  });
});

// Makes the demo zone, serves it and opens a browser. `stop` ends all of it.
export const serve = async () => {
  const dir = mkdtempSync(join(tmpdir(), 'baton-browser-'));
  execFileSync(BATON, ['demo', '--no-serve', '--dir', dir], { stdio: 'ignore' });
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const server = spawn(BATON, ['serve', '--dir', join(dir, 'zone'), '--listen', `127.0.0.1:${port}`], { stdio: 'ignore' });
  for (;;) {
    if (server.exitCode !== null) throw new Error(`baton serve ended with ${server.exitCode}`);
    try {
      if ((await fetch(`${base}/sign-in`)).ok) break;
    } catch {
      await new Promise((again) => setTimeout(again, 100));
    }
  }
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const stop = async () => {
    await browser.close();
    server.kill('SIGTERM');
    rmSync(dir, { recursive: true, force: true });
  };
  return { base, browser, dir, stop };
};

// Signs in on a page, which may lead back to where the session ended.
export const enter = async ({ base }, page, login) => {
  await page.goto(`${base}/sign-in`);
  await page.fill('input[name=login]', login);
  await page.fill('input[name=password]', PASSWORD);
  await Promise.all([
    page.waitForURL((url) => !url.pathname.startsWith('/sign-in')),
    page.press('input[name=password]', 'Enter'),
  ]);
};

// A page of somebody signed in (nobody when `login` is null), with all that its console and policy complain about.
export const signIn = async ({ base, browser }, login, options = {}) => {
  const context = await browser.newContext({ locale: 'zh-CN', ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !EXPECTED.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`));
  });
  if (login) await enter({ base }, page, login);
  return { context, page, complaints };
};
