// Every page in the list, in light (in English) and dark (in German), narrow and wide.

import { after, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { close, firstLink, keeps, open, out } from './browser.mjs';
import { pages } from './pages.mjs';

const looks = [
  { colorScheme: 'light', language: 'en', width: 360 },
  { colorScheme: 'light', language: 'en', width: 1280 },
  { colorScheme: 'dark', language: 'de', width: 360 },
  { colorScheme: 'dark', language: 'de', width: 1280 },
];
// `node run.mjs badge` looks at pages whose name begins so
const only = process.env.CAIRN_PAGES ?? '';

mkdirSync(out, { recursive: true });
describe('pages', { concurrency: 2 }, () => {
  // here, not beside: outside it would wait for the browser to end by itself
  after(close);
  for (const entry of pages.filter(p => p.name.startsWith(only))) {
    for (const { colorScheme, language, width } of looks) {
      const name = `${entry.name}-${colorScheme}-${width}`;
      test(name, { timeout: 60_000 }, async () => {
        const page = await open(entry.who, { colorScheme, viewport: { width, height: 900 } }, language);
        try {
          const response = await visit(page, entry);
          assert.equal(response.status(), entry.status ?? 200, `${page.url()} as ${entry.who}`);
          const screenshot = fileURLToPath(new URL(`${name}.png`, out));
          await page.screenshot({ path: screenshot, fullPage: true });
          await keeps(page, `${page.url()} as ${entry.who}, ${colorScheme}, ${width} px`);
        } finally {
          await page.context().close();
        }
      });
    }
  }
});

async function visit(page, { path, then }) {
  const response = await page.goto(typeof path === 'function' ? path() : path);
  return then ? page.goto(await firstLink(page, then)) : response;
}
