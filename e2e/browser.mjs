// A browser for the tests: who is there, where the demo is, what every page must keep.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// What `cairn demo --json` says of itself: url, people, api_token, credentials.
export const demo = JSON.parse(process.env.CAIRN_DEMO ?? '{}');
export const out = new URL('./out/', import.meta.url);

let running;
const signedIn = new Map();

// One browser, also when two windows ask for it at once.
export function launch() {
  running ??= chromium.launch({
    executablePath: process.env.CAIRN_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });
  return running;
}

export async function close() {
  await (await running)?.close();
  running = undefined;
}

// A person of the demo by role, such as `learner`.
export function person(role) {
  const found = demo.people.find(p => p.role === role);
  assert.ok(found, `the demo has no ${role}, but ${demo.people.map(p => p.role)}`);
  return found;
}

// A window of its own for a person of the demo, or for a visitor. `look` is
// Playwright's: colorScheme, viewport …; `language` is chosen as with the
// buttons in the page's head.
export async function open(who, look = {}, language = 'en') {
  const browser = await launch();
  const storageState = who === 'visitor' ? undefined : await signIn(who);
  const context = await browser.newContext({
    baseURL: demo.url, reducedMotion: 'reduce', viewport: { width: 1280, height: 900 }, ...look, storageState,
  });
  await context.addCookies([{ name: 'cairn_language', value: language, url: demo.url }]);
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  watch(page);
  return page;
}

// Signs in here, with a session that nobody else uses.
export async function enter(page, who) {
  await page.goto(person(who).sign_in_url);
}

// Signs in once for each person; later windows start from her cookies.
async function signIn(who) {
  if (!signedIn.has(who)) {
    signedIn.set(who, (async () => {
      const context = await (await launch()).newContext({ baseURL: demo.url });
      const page = await context.newPage();
      await enter(page, who);
      const state = await context.storageState();
      assert.ok(state.cookies.some(c => c.name.endsWith('cairn_session') || c.name === '__Host-cairn'),
        `${who} is not signed in after ${person(who).sign_in_url}`);
      await context.close();
      return state;
    })());
  }
  return signedIn.get(who);
}

// Notes what a page must not do: ask other hosts, complain to the console.
function watch(page) {
  const origin = new URL(demo.url).origin;
  page.complaints = [];
  page.on('pageerror', error => page.complaints.push(`script: ${error.message}`));
  page.on('console', message => {
    // the browser logs the status of an error page that was asked for
    const own = message.location().url === page.url() && message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !own) page.complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('request', request => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== origin) {
      page.complaints.push(`asks another host: ${url}`);
    }
  });
}

// What every page must keep, in any state; `what` is for messages.
export async function keeps(page, what) {
  const found = await page.evaluate(() => {
    const root = document.documentElement;
    const wide = [...document.querySelectorAll('body *')]
      .filter(e => e.getBoundingClientRect().right > root.clientWidth + 1 && e.checkVisibility())
      .slice(0, 5).map(e => e.outerHTML.slice(0, 120));
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const untranslated = [];
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      if (node.nodeValue.includes('{$')) untranslated.push(node.nodeValue.trim());
    }
    return {
      scrolls: root.scrollWidth > root.clientWidth, wide, untranslated,
      title: document.title.trim(), language: root.lang, headings: document.querySelectorAll('h1').length,
    };
  });
  assert.ok(!found.scrolls, `${what} scrolls sideways; too wide:\n${found.wide.join('\n')}`);
  assert.deepEqual(found.untranslated, [], `${what}: texts lack a value`);
  assert.equal(found.headings, 1, `${what}: one h1`);
  assert.ok(found.title && found.language, `${what}: a title and a language`);
  await page.evaluate(axe);
  // no rule is switched off; one of WCAG 2.2 AA that axe leaves off is switched on
  const violations = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, {
      resultTypes: ['violations'], rules: { 'target-size': { enabled: true } },
    });
    return violations.flatMap(v => v.nodes.map(n =>
      `${v.id} (${v.impact}): ${v.help}\n    ${n.html.slice(0, 300)}\n    ${n.failureSummary.replaceAll('\n', '\n    ')}`));
  });
  assert.equal(violations.length, 0, `${what}: axe finds\n  ${violations.join('\n  ')}`);
  assert.deepEqual(page.complaints, [], `${what} is not quiet`);
}

// Path of a credential of the demo by its state: valid, expired, suspended, revoked.
export function badge(state) {
  const text = [demo.credentials[state]].flat()[0];
  assert.ok(text, `the demo names no ${state} credential`);
  return text.includes('/') ? new URL(text, demo.url).pathname : `/c/${text}`;
}

// The story's words: they find things as people do, by their labels.

export const fill = (page, label, text) => page.getByLabel(label, { exact: false }).first().fill(text);

export const choose = (page, label) => page.getByLabel(label, { exact: false }).first().check();

// Clicks a button or a link that leads to another page, and waits for that.
export async function click(page, name) {
  const target = page.getByRole('button', { name }).or(page.getByRole('link', { name })).first();
  await Promise.all([page.waitForEvent('load'), target.click()]);
}

// Expects these words on the page.
export async function sees(page, words) {
  const text = await page.locator('main').innerText();
  assert.ok(text.includes(words), `“${words}” is missing on ${page.url()}:\n${text.slice(0, 1500)}`);
}

// Path of the first link in the page's main part that matches.
export async function firstLink(page, pattern) {
  const paths = await page.locator('main a[href]').evaluateAll(links => links.map(a => a.getAttribute('href')));
  const found = paths.find(path => pattern.test(path));
  assert.ok(found, `no link like ${pattern} on ${page.url()}, but ${paths}`);
  return found;
}
