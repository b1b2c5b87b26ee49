// Every page that people of the demo zone can reach by links: at a desk, on a phone and at 400 % zoom, with axe.
// With PICTURES=DIR it also leaves a picture of each page at both widths there. Run by bin/test.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ROOT, serve, signIn } from './serving.mjs';

const axe = createRequire(import.meta.url)('axe-core').source;
const PICTURES = process.env.PICTURES;
// A desk, a phone, and a desk of 1280 px at 400 %.
const WIDTHS = [1440, 390, 320];
// Most pages looked at for one person: far more than there are kinds of pages.
const PAGES_MAX = 150;

let zone;
before(async () => {
  zone = await serve();
  if (PICTURES) mkdirSync(PICTURES, { recursive: true });
});
after(async () => zone?.stop());

// The routes of pages, from the router's own table, those with more fixed words first.
const ROUTES = readFileSync(join(ROOT, 'docs/reference/permissions.txt'), 'utf8')
  .split('\n')
  .map((line) => line.match(/^GET +(\/\S*)/)?.[1])
  .filter(Boolean)
  .sort((a, b) => a.split('{').length - b.split('{').length)
  .map((route) => ({ route, is: new RegExp(`^${route.replace(/\{\w+\}/g, '[^/]+')}$`) }));

// What kind of page an address is: its route, and of its query what chooses another look.
const sort = (url) => {
  const route = ROUTES.find(({ is }) => is.test(url.pathname))?.route ?? url.pathname;
  const look = ['as', 'view'].map((name) => url.searchParams.get(name)).filter(Boolean);
  return route + (look.length ? `?as=${look.join('-')}` : '');
};

// Links of a page that lead to pages (not to files), each kind once.
const links = (page) => page.evaluate(() => [...document.querySelectorAll('a[href]')]
  .filter((a) => a.origin === location.origin && !a.hasAttribute('download'))
  .map((a) => a.pathname + a.search));

const FILES = /\.(xlsx|xls|csv|docx|pdf|json|zip|svg)(\?|$)|\/(workbook|file|files|docx|pdf|xlsx|csv|json|zip|package)(\/|\?|$)/;

const checked = async ({ page, complaints }, path, trouble, name) => {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const answer = await page.goto(zone.base + path);
    if (answer.status() !== 200) {
      trouble.push(`${path}: status ${answer.status()}`);
      return [];
    }
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) trouble.push(`${path} at ${width}: ${over} px too wide`);
    if (width !== 320) {
      const found = await page.evaluate(`${axe}; axe.run(document, { resultTypes: ['violations'] })`);
      for (const { id, help, nodes } of found.violations) {
        trouble.push(`${path} at ${width}: ${id} (${help}) ${nodes.length} × ${nodes[0].html.slice(0, 140)}`);
      }
      if (PICTURES) {
        await page.screenshot({ path: join(PICTURES, `${name}-${width}.jpg`), type: 'jpeg', quality: 55 });
      }
    }
  }
  trouble.push(...complaints.splice(0).map((words) => `${path}: ${words}`));
  return links(page);
};

const seen = new Set();
const walk = async (login, starts) => {
  const person = await signIn(zone, login);
  const waiting = [...starts];
  const trouble = [];
  const mine = new Set();
  let count = 0;
  while (waiting.length > 0 && count < PAGES_MAX) {
    const path = waiting.shift();
    const kind = sort(new URL(path, zone.base));
    if (mine.has(kind) || FILES.test(path)) continue;
    mine.add(kind);
    count += 1;
    // A kind of page that somebody else was shown is opened for its links and looked at as a whole only once.
    const name = kind.replace(/[{}]/g, '').replace(/[^\w=]+/g, '-').replace(/^-|-$/g, '') || 'home';
    const found = await checked(person, path, trouble, seen.has(kind) ? `${name}-${login ?? 'public'}` : name);
    seen.add(kind);
    waiting.push(...found);
  }
  await person.context.close();
  assert.deepEqual(trouble, [], `${login}: ${count} kinds of pages`);
  assert.ok(count < PAGES_MAX, `${login}: more than ${PAGES_MAX} kinds of pages`);
  assert.ok(count >= starts.length, `${login}: only ${count} pages`);
};

test('pages for everybody have no fault that axe knows and fit every width', () => walk(null, ['/sign-in']));
// Still open: a link to a closed unit's page answers as absent; the form at 320 px. What is found is printed.
const OPEN = { todo: 'faults found are listed; those of closed units and of the form at 320 px are not mended yet' };
for (const login of ['clerk', 'reporter', 'leader', 'admin']) {
  test(`every page the ${login} reaches has no fault that axe knows and fits every width`, OPEN, () => walk(login, ['/']));
}
