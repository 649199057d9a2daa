// What we sign they verify, and what they sign we verify.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {createCredential, createList} from '@digitalbazaar/vc-bitstring-status-list';
import {exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT} from 'jose';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {cairn, vcApi} from './cairn.mjs';
import {createServer} from 'node:http';
import {join} from 'node:path';
import {tmpdir} from 'node:os';
import {
  badge, known, theirKey, theyCheckStatus, theyDerive, theyPresent, theySign, theyVerify,
  theyVerifyPresentation, why
} from './peers.mjs';

let api;
before(async () => {
  api = await vcApi();
});
after(() => api.stop());

async function weIssue(path, {credential, options} = {}) {
  credential ??= badge(api.issuers[path].id);
  const {status, body} = await api.ask(`/${path}/credentials/issue`, {credential, options});
  assert.equal(status, 201, body.detail);
  return body.verifiableCredential;
}

async function weVerify(credential, options = {checks: ['proof']}) {
  return api.ask('/credentials/verify', {verifiableCredential: credential, options});
}

async function assertWeAccept(credential, options) {
  const {status, body} = await weVerify(credential, options);
  assert.equal(status, 200, JSON.stringify(body.errors));
}

async function assertWeRefuse(credential, options) {
  const {status, body} = await weVerify(credential, options);
  assert.equal(status, 400);
  assert.equal(body.verified, false);
}

async function assertTheyAccept(credential, name) {
  const result = await theyVerify({credential, name});
  assert.ok(result.verified, why(result));
}

async function assertTheyRefuse(credential, name) {
  assert.equal((await theyVerify({credential, name})).verified, false);
}

/** The same document with one list value changed, which must be signed too. */
function withOtherGrade(credential) {
  const changed = structuredClone(credential);
  changed.credentialSubject.achievement.resultDescription[0].allowedValue[3] = 'D';
  return changed;
}

const SIGNERS = [
  {path: 'eddsa-rdfc', name: 'eddsa-rdfc-2022', kind: 'ed25519'},
  {path: 'ecdsa-rdfc', name: 'ecdsa-rdfc-2019', kind: 'P-256'},
  {path: 'ecdsa-rdfc384', name: 'ecdsa-rdfc-2019', kind: 'P-384'}
];

for(const {path, name, kind} of SIGNERS) {
  test(`${name} with ${kind}: they verify what we sign`, async () => {
    const credential = await weIssue(path);
    await assertTheyAccept(credential, name);
    await assertTheyRefuse(withOtherGrade(credential), name);
  });

  test(`${name} with ${kind}: we verify what they sign`, async () => {
    const key = await theirKey(kind);
    const credential = await theySign({credential: badge('did:example:replaced'), name, key});
    await assertWeAccept(credential);
    await assertWeRefuse(withOtherGrade(credential));
  });

  test(`${name} with ${kind}: presentations both ways`, async () => {
    const [challenge, domain] = ['a challenge', 'verifier.example'];
    const credential = await weIssue('eddsa-rdfc');
    const presentation = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      holder: api.issuers[path].id,
      verifiableCredential: [credential]
    };
    const made = await api.ask(`/${path}/presentations`, {presentation, options: {challenge, domain}});
    assert.equal(made.status, 201, made.body.detail);
    const ours = made.body.verifiablePresentation;
    if(name === 'eddsa-rdfc-2022') {
      // their library takes one suite for the presentation and all in it
      const result = await theyVerifyPresentation({presentation: ours, name, challenge, domain});
      assert.ok(result.verified, why(result));
    }
    const key = await theirKey(kind);
    const theirs = await theyPresent({credentials: [credential], name, key, challenge, domain});
    const verify = options =>
      api.ask('/presentations/verify', {verifiablePresentation: theirs, options: {checks: ['proof'], ...options}});
    const {status, body} = await verify({challenge, domain});
    assert.equal(status, 200, JSON.stringify(body.errors));
    assert.equal((await verify({challenge: 'another', domain})).status, 400);
    assert.equal((await verify({challenge, domain: 'other.example'})).status, 400);
  });
}

const SD = 'ecdsa-sd-2023';
// what an Open Badge must say, so that what is disclosed is still one
const mandatoryPointers = [
  '/id', '/issuer', '/validFrom', '/credentialSubject/id', '/credentialSubject/achievement/id',
  '/credentialSubject/achievement/description', '/credentialSubject/achievement/criteria'
];
const selectivePointers = ['/credentialSubject/achievement/name', '/credentialSubject/result/1', '/evidence/0/name'];

/** A badge without lists in order, which their ecdsa-sd-2023 cannot take. */
function plainBadge(issuer) {
  const credential = badge(issuer);
  delete credential.credentialSubject.achievement.resultDescription[0].allowedValue;
  return credential;
}

for(const [issuer, deriver] of [['we', 'we'], ['we', 'they'], ['they', 'we'], ['they', 'they']]) {
  test(`${SD}: ${issuer} sign, ${deriver} derive, both verify`, async () => {
    const key = await theirKey('P-256');
    const base = issuer === 'we' ?
      await weIssue('ecdsa-sd', {
        credential: plainBadge(api.issuers['ecdsa-sd'].id), options: {mandatoryPointers}
      }) :
      await theySign({credential: plainBadge('did:example:replaced'), name: SD, key, mandatoryPointers});
    let derived;
    if(deriver === 'we') {
      const {status, body} =
        await api.ask('/credentials/derive', {verifiableCredential: base, options: {selectivePointers}});
      assert.equal(status, 201, body.detail);
      derived = body.verifiableCredential;
    } else {
      derived = await theyDerive({credential: base, selectivePointers});
    }
    assert.equal(derived.credentialSubject.achievement.name, 'Soils');
    assert.equal(derived.credentialSubject.achievement.alignment, undefined);
    await assertTheyAccept(derived, SD);
    await assertWeAccept(derived);
    const changed = structuredClone(derived);
    changed.credentialSubject.achievement.name = 'Stones';
    await assertTheyRefuse(changed, SD);
    await assertWeRefuse(changed);
  });
}

test('status lists: they read ours before and after', async () => {
  const credential = await weIssue('status', {credential: badge(api.issuers.status.id)});
  const url = credential.credentialStatus.statusListCredential;
  const name = 'eddsa-rdfc-2022';
  const look = async () => {
    known.set(url, await api.get(url));
    return theyCheckStatus({credential, name});
  };
  let result = await look();
  assert.ok(result.verified, why(result));
  assert.equal(result.results[0].status, false);
  const {status} = await api.ask('/credentials/status', {
    credentialId: credential.id,
    credentialStatus: {type: 'BitstringStatusListEntry', statusPurpose: 'revocation'}
  });
  assert.equal(status, 200);
  result = await look();
  assert.ok(result.verified, why(result));
  assert.equal(result.results[0].status, true);
  await assertWeRefuse(credential, {checks: ['proof', 'credentialStatus']});
});

// The table of docs/decisions/0004: what a set bit comes to, by the purpose of the entry and of the list.
for(const [entry, list, want] of [
  ['suspension', 'suspension', 'refused'],
  ['revocation', 'revocation', 'refused'],
  ['revocation', ['revocation', 'suspension'], 'error']
]) {
  test(`status purposes: an entry for ${entry} and a list for ${list} are ${want}`, async () => {
    const key = await theirKey('ed25519');
    const name = 'eddsa-rdfc-2022';
    const url = 'https://college.example/status/1';
    const look = async set => {
      const bits = await createList({length: 131072});
      bits.setStatus(94567, set);
      const made = await createCredential({id: url, list: bits, statusPurpose: 'suspension'});
      made.credentialSubject.statusPurpose = list;
      made.issuer = {id: key.controller};
      known.set(url, await theySign({credential: made, name, key}));
      const credential = badge(key.controller);
      credential.credentialStatus = {
        id: `${url}#94567`, type: 'BitstringStatusListEntry', statusPurpose: entry,
        statusListIndex: '94567', statusListCredential: url
      };
      const result = await theyCheckStatus({credential, name});
      return !result.verified ? 'error' : result.results.some(({status}) => status) ? 'refused' : 'accepted';
    };
    assert.equal(await look(true), want);
    assert.equal(await look(false), want === 'error' ? 'error' : 'accepted');
  });
}

test('status lists: we read theirs', async () => {
  const key = await theirKey('ed25519');
  const name = 'eddsa-rdfc-2022';
  let list;
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/vc');
    response.end(JSON.stringify(list));
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${server.address().port}/list`;
    const index = 94567;
    const publish = async revoked => {
      const bits = await createList({length: 131072});
      bits.setStatus(index, revoked);
      const credential = await createCredential({id: url, list: bits, statusPurpose: 'revocation'});
      credential.issuer = {id: key.controller};
      list = await theySign({credential, name, key});
    };
    const credential = badge('did:example:replaced');
    credential.credentialStatus = {
      id: `${url}#${index}`, type: 'BitstringStatusListEntry', statusPurpose: 'revocation',
      statusListIndex: String(index), statusListCredential: url
    };
    const signed = await theySign({credential, name, key});
    await publish(false);
    await assertWeAccept(signed, {checks: ['proof', 'credentialStatus']});
    await publish(true);
    await assertWeRefuse(signed, {checks: ['proof', 'credentialStatus']});
  } finally {
    server.close();
  }
});

for(const [kind, alg] of [['ed25519', 'EdDSA'], ['p256', 'ES256'], ['p384', 'ES384']]) {
  test(`JWT with ${alg}: both ways`, async () => {
    const key = JSON.parse(cairn(['key', 'new', '--kind', kind]).stdout);
    const {publicKeyJwk} = JSON.parse(cairn(['key', 'public', '-'], JSON.stringify(key)).stdout);
    const folder = mkdtempSync(join(tmpdir(), 'cairn-peers-'));
    try {
      const keyFile = join(folder, 'key.json');
      writeFileSync(keyFile, JSON.stringify(key));
      const credential = badge(key.controller);
      for(const [feature, typ] of [['credential_jose', 'vc+jwt'], ['open_badge', 'JWT']]) {
        const issued = cairn(['jose', 'issue', '--feature', feature, '--key', keyFile], JSON.stringify(credential));
        const {result, data} = JSON.parse(issued.stdout);
        assert.equal(result, 'success', data);
        const {payload, protectedHeader} = await jwtVerify(data, await importJWK(publicKeyJwk, alg), {typ});
        assert.equal(payload.name, credential.name);
        assert.equal(protectedHeader.kid, key.id);
      }
      const pair = await generateKeyPair(alg, {extractable: true});
      const jwk = await exportJWK(pair.publicKey);
      const did = `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}`;
      const sign = body => new SignJWT(body)
        .setProtectedHeader({alg, typ: 'vc+jwt', kid: `${did}#0`}).sign(pair.privateKey);
      const find = token => {
        const report = JSON.parse(cairn(['verify', '--json', '-'], token).stdout);
        return report.checks.find(({check}) => check === 'proof').outcome;
      };
      const theirs = await sign(badge(did));
      assert.equal(find(theirs), 'passed');
      const [header, , signature] = theirs.split('.');
      const other = Buffer.from(JSON.stringify({...badge(did), name: 'Stones'})).toString('base64url');
      assert.equal(find([header, other, signature].join('.')), 'failed');
    } finally {
      rmSync(folder, {recursive: true});
    }
  });
}
