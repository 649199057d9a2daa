// Makes the expected results of the documents in jsonld/: canonical N-Quads (RDFC-1.0 with SHA-256) by
// jsonld.js in safe mode, base null, directions as datatypes ("i18n-datatype"). Beside each <name>.json:
// <name>.nq, or <name>.error with the reason where jsonld.js refuses.
//
//   npm ci --ignore-scripts && npm run make
//
// generated.json holds documents made at random (by the generators of tests/all/differential.rs), all with
// one context; generated.results.json what becomes of them.
//
// Contexts are those the crate bundles, and contexts/<name>.json as https://corpus.example/<name>.

import {readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import jsonld from 'jsonld';

const require = createRequire(import.meta.url);
const ContextResolver = require('jsonld/lib/ContextResolver.js');
const here = new URL('.', import.meta.url);
const crate = new URL('../../', here);
const read = url => readFileSync(url, 'utf8');

const contexts = new Map();
const bundled = /"(https:[^"]+)", "([^"]+\.json)",/g;
for(const [, url, file] of read(new URL('src/rdf/bundled.rs', crate)).matchAll(bundled)) {
  contexts.set(url, read(new URL(`contexts/${file}`, crate)));
}
for(const file of readdirSync(new URL('contexts/', here))) {
  contexts.set(`https://corpus.example/${file.replace(/\.json$/, '')}`, read(new URL(`contexts/${file}`, here)));
}

async function documentLoader(url) {
  const text = contexts.get(url);
  if(text === undefined) {
    throw new Error(`no context ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: JSON.parse(text)};
}

// A cache that keeps nothing: what one document does must not show in the next.
const sharedCache = {get: () => undefined, set: () => undefined};

function reason(error) {
  const event = error.details?.event?.code;
  return event ? `safe mode: ${event}` : error.details?.code ?? error.cause?.details?.code ?? error.message;
}

async function canonize(document) {
  return jsonld.canonize(document, {
    algorithm: 'RDFC-1.0',
    format: 'application/n-quads',
    safe: true,
    base: null,
    rdfDirection: 'i18n-datatype',
    documentLoader,
    contextResolver: new ContextResolver({sharedCache})
  });
}

const folder = new URL('jsonld/', here);
let made = 0;
for(const file of readdirSync(folder).filter(file => /\.(nq|error)$/.test(file) && !file.includes('.ours.'))) {
  rmSync(new URL(file, folder));
}
for(const file of readdirSync(folder).filter(file => file.endsWith('.json')).sort()) {
  const document = JSON.parse(read(new URL(file, folder)));
  const name = file.replace(/\.json$/, '');
  try {
    const nquads = await canonize(document);
    writeFileSync(new URL(`${name}.nq`, folder), nquads);
  } catch(error) {
    writeFileSync(new URL(`${name}.error`, folder), `${reason(error)}\n`);
  }
  made += 1;
}

const generated = JSON.parse(read(new URL('generated.json', here)));
const results = [];
for(const document of generated.documents) {
  try {
    results.push(await canonize({'@context': generated['@context'], ...document}));
  } catch(error) {
    results.push({error: reason(error)});
  }
}
const text = results.map(result => JSON.stringify(result)).join(',\n');
writeFileSync(new URL('generated.results.json', here), `[\n${text}\n]\n`);
console.log(`${made} documents, ${results.length} generated ones`);
