// The story of one badge, told in the browser by the people it happens to. Each
// step is a test of its own, so that the first one that fails says where the
// story ends; the steps after it would not mean anything and are skipped.

import { after, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { badge, click, close, enter, firstLink, keeps, open, person, sees } from './browser.mjs';

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

  const slug = `trail-reading-${Date.now() % 100000}`;
  const one = `/organizations/project-practice/achievements/${slug}`;
  const save = async page => Promise.all([page.waitForEvent('load'), page.locator('main form button[name=do][value=save], main form button.primary').first().click()]);
  let project, badgePath, picture;

  step('the designer makes a micro-credential', async () => {
    const page = await open('designer');
    await page.goto('/organizations/project-practice/achievements/new');
    await page.locator('[name=title]').fill(slug);
    await page.locator('[name=programme][value=project]').check({ force: true });
    await page.locator('[name=field]').selectOption('human-skills');
    await save(page);
    assert.ok(page.url().includes(`${one}/basics`), page.url());
    await page.locator('[name=summary]').fill('Find the way by what others left.');
    await page.locator('[name=description]').fill('For everybody who walks where there is no path.');
    await page.locator('[name=outcomes]').fill('Reads a trail');
    await save(page);
    await page.goto(`${one}/elements`);
    await page.locator('[name=hours]').fill('6');
    await page.locator('[name=eqf]').selectOption('3').catch(() => page.locator('[name=eqf]').fill('3'));
    await page.locator('[name=participation]').selectOption('online').catch(() => page.locator('[name=participation][value=online]').check());
    await page.locator('[name=assessment][value=project]').check({ force: true });
    await page.locator('[name=assurance]').fill('Internal');
    await save(page);
    await page.goto(`${one}/requirements`);
    await page.locator('[name=kind]').first().selectOption('project');
    await page.locator('form:has([name=kind]) [name=title]').first().fill('A trail of your own');
    await Promise.all([page.waitForEvent('load'), page.locator('form:has([name=kind]) button[value=add]').first().click()]);
    await page.locator('[name=brief]').fill('Mark a trail.');
    await save(page);
    await page.goto(`${page.url().split('?')[0]}/rubric`);
    await page.locator('[name=c0-title]').fill('Others find the way');
    await save(page);
    await page.goto(`${one}/publication`);
    await Promise.all([page.waitForEvent('load'), page.locator('main form button.primary').first().click()]);
    await page.goto(`/catalog/project-practice.${slug}`);
    await sees(page, 'Reads a trail');
  });

  step('a learner earns it, with several files at once', async () => {
    const page = await open('learner');
    await page.goto(`/catalog/project-practice.${slug}`);
    await Promise.all([page.waitForEvent('load'), page.locator('form[action$="/enrollments"] button').first().click()]);
    await page.goto(await firstLink(page, /\/requirements\//));
    project = new URL(page.url()).pathname;
    await page.locator('form[data-upload] input[type=file]').setInputFiles([
      { name: 'trail.txt', mimeType: 'text/plain', buffer: Buffer.from('North by the brook.') },
      { name: 'more.txt', mimeType: 'text/plain', buffer: Buffer.from('Then west.') },
    ]);
    const upload = page.locator('form[data-upload] button').first();
    if (await upload.isVisible().catch(() => false)) await upload.click().catch(() => {});
    await page.waitForTimeout(1500);
    await page.goto(project);
    await sees(page, 'trail.txt');
    await sees(page, 'more.txt');
    await page.locator('[name=message]').fill('Please walk it');
    await page.locator('[name=show_evidence]').check();
    await Promise.all([page.waitForEvent('load'), page.locator('form[action$="/handing-in"] button').click()]);
    await sees(page, 'Please walk it');
  });

  step('the reviewer judges it', async () => {
    const page = await open('reviewer');
    await page.goto('/reviews');
    await page.getByRole('link', { name: 'A trail of your own' }).last().click();
    await page.waitForURL(/\/reviews\//);
    await Promise.all([page.waitForEvent('load'), page.locator('form[action$="/opening"] button').click()]);
    await page.locator('.criterion input[type=radio]').last().check({ force: true });
    await page.locator('[name=comment]').fill('I was home before dark');
    await Promise.all([page.waitForEvent('load'), page.locator('button[name=verdict][value=accept]').click()]);
    assert.equal(new URL(page.url()).pathname, '/reviews');
  });

  step('the learner shares the badge and takes its picture', async () => {
    const page = await open('learner');
    await page.goto('/badges');
    badgePath = await firstLink(page, /^\/c\//);
    await page.goto(badgePath);
    await sees(page, slug);
    await Promise.all([page.waitForEvent('load'), page.locator('button[name=share][value=yes]').click()]);
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator(`a[href="${badgePath}.png"]`).click()]);
    picture = await download.path();
  });

  const check = async () => {
    const page = await open('visitor');
    await page.goto('/verify');
    await page.locator('input[type=file]').setInputFiles(picture);
    await page.locator('.verdict').or(page.locator('main form button.primary')).first().waitFor();
    if (!await page.locator('.verdict').isVisible().catch(() => false)) {
      await page.locator('main form button.primary').click().catch(() => {});
    }
    await page.locator('.verdict').waitFor();
    return page;
  };

  step('a visitor drops the picture on the verifier and sees it verified', async () => {
    const page = await check();
    await sees(page, 'Verified');
    await sees(page, 'Everything that can be checked is in order');
  });

  step('the owner revokes it, and the verifier says so', async () => {
    const page = await open('owner');
    await page.goto(badgePath);
    await page.locator('[name=reason]').fill('The trail was somebody else\u2019s');
    await page.locator('button[name=change][value=revoke]').click();
    const confirm = page.locator('dialog[open] button.danger');
    await Promise.all([page.waitForEvent('load'), confirm.click()]);
    await sees(page, 'Revoked');
    await sees(await check(), 'The issuer has revoked');
  });

  step('anybody opens a badge and prints it', async () => {
    const page = await open('visitor');
    await page.goto(badge('valid'));
    const pdf = await page.pdf({ format: 'A4' });
    if (pdf.length < 10_000) throw new Error(`the printed badge is ${pdf.length} bytes`);
  });
});
