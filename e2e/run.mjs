// Runs the tests in the browser against the demo that CAIRN_DEMO describes, the
// line that `cairn demo --json` prints; `cargo xtask test` starts one. An
// argument is the beginning of the names of the pages to look at.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

if (!process.env.CAIRN_DEMO) {
  console.error(`CAIRN_DEMO is not set. Start a demo with
  cargo run -- demo --json --port 8080
and hand over the line that it prints:
  CAIRN_DEMO='{"url":…}' node run.mjs`);
  process.exit(2);
}
const pages = process.argv[2] ?? '';
const files = pages ? ['pages.test.mjs'] : ['pages.test.mjs', 'story.test.mjs'];
const { status } = spawnSync(
  process.execPath,
  ['--test', '--test-concurrency=1', '--test-reporter=spec', ...files],
  { cwd: fileURLToPath(new URL('.', import.meta.url)), stdio: 'inherit', env: { ...process.env, CAIRN_PAGES: pages } },
);
process.exit(status ?? 1);
