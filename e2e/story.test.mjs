// The story of one badge, told in the browser by the people it happens to. Each
// step is a test of its own, so that the first one that fails says where the
// story ends; the steps after it would not mean anything and are skipped.

import { after, describe, test } from 'node:test';
import { badge, click, close, enter, keeps, open, person } from './browser.mjs';

describe('story', { concurrency: 1 }, () => {
  after(close);
  let broken = false;
  const step = (name, run) => test(name, { timeout: 60_000 }, async t => {
    if (broken) return t.skip('an earlier step failed');
    broken = true;
    await run();
    broken = false;
  });

  step('a visitor chooses her language and finds every main page', async () => {
    const page = await open('visitor');
    await page.goto('/about');
    await click(page, 'Deutsch');
    await page.locator('html[lang=de]').waitFor();
    await click(page, 'English');
    await page.locator('html[lang=en]').waitFor();
    await keeps(page, 'after the change of language');
  });

  step('she walks through the page with the keyboard alone', async () => {
    const page = await open('visitor');
    await page.goto('/about');
    await page.keyboard.press('Tab');
    await page.locator('a.skip:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.locator('main :focus, footer :focus').waitFor();
  });

  step('she signs in as the learner, and out again', async () => {
    const page = await open('visitor');
    await enter(page, 'learner');
    await page.goto('/about');
    await page.locator('details.menu summary', { hasText: person('learner').name }).waitFor();
    await page.locator('details.menu summary').click();
    await click(page, 'Sign out');
    await page.locator('a[href="/sign-in"]').first().waitFor();
  });

  step('anybody opens a badge and prints it', async () => {
    const page = await open('visitor');
    await page.goto(badge('valid'));
    const pdf = await page.pdf({ format: 'A4' });
    if (pdf.length < 10_000) throw new Error(`the printed badge is ${pdf.length} bytes`);
  });
});
