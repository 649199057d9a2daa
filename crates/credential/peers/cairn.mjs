// Our side: the program, named by the variable CAIRN.
import {spawn, spawnSync} from 'node:child_process';
import {createInterface} from 'node:readline';

const program = process.env.CAIRN;
if(!program) {
  throw new Error('name the program in the variable CAIRN; `cargo xtask test` does');
}

/** `cairn …` with something on standard input; what it prints. */
export function cairn(args, input = '') {
  const {status, stdout, stderr} = spawnSync(program, args, {input, maxBuffer: 64 * 1024 * 1024});
  return {status, stdout: stdout.toString(), bytes: stdout, stderr: stderr.toString()};
}

/** A running `cairn vc-api`. */
export async function vcApi() {
  const child = spawn(program, ['vc-api', '--listen', '127.0.0.1:0'], {stdio: ['ignore', 'pipe', 'inherit']});
  const lines = createInterface({input: child.stdout});
  const {value: line} = await lines[Symbol.asyncIterator]().next();
  const {url, issuers} = JSON.parse(line);
  const ask = async (path, body) => {
    const response = await fetch(url + path, {
      method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(body)
    });
    return {status: response.status, body: await response.json()};
  };
  const get = async path => (await fetch(path.startsWith('http') ? path : url + path)).json();
  return {url, issuers, ask, get, stop: () => child.kill('SIGTERM')};
}
