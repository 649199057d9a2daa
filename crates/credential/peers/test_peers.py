"""Peers in Python: openvc-core (canonical JSON suites, SD-JWT VC) and openbadges-bakery.

What we sign they verify, and what they sign we verify. The variable CAIRN names our program;
`cargo xtask test` sets it. Nothing is fetched.
"""

import base64
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import png
from openbadges_bakery import bake, unbake
from openvc.keys import Ed25519SigningKey, P256SigningKey, P384SigningKey
from openvc.proof.di_jcs import EcdsaJcsProofSuite, EddsaJcsProofSuite
from openvc.proof.errors import ProofError
from openvc.proof.sd_jwt import SdJwtVcProofSuite
from openvc.status import (
    StatusListError, check_credential_status, encode_bitstring, new_bitstring, set_status_bit,
)

CAIRN = os.environ["CAIRN"]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'


def cairn(*args, given=b"", expect=0):
    """`cairn …` with something on standard input; its standard output."""
    given = given.encode() if isinstance(given, str) else given
    done = subprocess.run([CAIRN, *args], input=given, capture_output=True, check=False)
    if expect is not None and done.returncode != expect:
        raise AssertionError(f"cairn {args} ended with {done.returncode}: {done.stderr.decode()}")
    return done.stdout


def our_key(folder, kind):
    """A new key of ours: the file, and its public half as `cairn key public` shows it."""
    file = str(Path(folder) / f"{kind}.json")
    cairn("key", "new", "--kind", kind, "--output", file)
    return file, json.loads(cairn("key", "public", file))


def our_finding(document, check):
    """What our verifier says of one check."""
    given = document if isinstance(document, str) else json.dumps(document)
    report = json.loads(cairn("verify", "--json", "-", given=given, expect=None))
    return next(found["outcome"] for found in report["checks"] if found["check"] == check)


def badge(issuer):
    achievement = "https://college.example/achievements/soils"
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:0b9d3a2f-53f3-4c70-a0b8-0c8a94bb6d53",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Bodenkunde – \"soils\" \\ 土壌 \U0001f331",
        "issuer": {"id": issuer, "type": ["Profile"], "name": "Riverside College"},
        "validFrom": "2026-01-15T09:00:00Z",
        "credentialSubject": {
            "id": "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": achievement,
                "type": ["Achievement"],
                "name": "Soils",
                "description": "Reads a soil profile.",
                "criteria": {"narrative": "Digs four pits.\nNames every horizon.\t\u2028"},
                "creditsAvailable": 2.5,
            },
        },
    }


class CanonicalJson(unittest.TestCase):
    """eddsa-jcs-2022 and ecdsa-jcs-2019."""

    CASES = [
        ("ed25519", "eddsa-jcs-2022", EddsaJcsProofSuite, Ed25519SigningKey, "eddsa-jcs"),
        ("p256", "ecdsa-jcs-2019", EcdsaJcsProofSuite, P256SigningKey, "ecdsa-jcs"),
        ("p384", "ecdsa-jcs-2019", EcdsaJcsProofSuite, P384SigningKey, "ecdsa-jcs"),
    ]

    def test_they_verify_what_we_sign(self):
        for kind, name, suite, _, _ in self.CASES:
            with self.subTest(kind), tempfile.TemporaryDirectory() as folder:
                file, public = our_key(folder, kind)
                given = json.dumps(badge(public["controller"]))
                signed = json.loads(cairn("sign", "--key", file, "--suite", name, given=given))
                signed["proof"] = signed["proof"][0]
                jwk = public["publicKeyJwk"]
                verified = suite().verify(signed, public_key_jwk=jwk)
                self.assertEqual(verified.issuer, public["controller"])
                signed["name"] += "!"
                with self.assertRaises(ProofError):
                    suite().verify(signed, public_key_jwk=jwk)

    def test_we_verify_what_they_sign(self):
        for kind, _, suite, signer, _ in self.CASES:
            with self.subTest(kind):
                key = signer.generate(kid="unused")
                controller, method = self.did_of(key)
                signed = suite().add_proof(badge(controller), signing_key=key, verification_method=method)
                self.assertEqual(our_finding(signed, "proof"), "passed")
                signed["credentialSubject"]["achievement"]["creditsAvailable"] = 3
                self.assertEqual(our_finding(signed, "proof"), "failed")

    @staticmethod
    def did_of(key):
        """The did:jwk of a key of theirs, and its verification method."""
        jwk = json.dumps(key.public_jwk(), separators=(",", ":"))
        controller = "did:jwk:" + base64.urlsafe_b64encode(jwk.encode()).rstrip(b"=").decode()
        return controller, f"{controller}#0"


class SelectiveDisclosure(unittest.TestCase):
    """SD-JWT VC with key binding."""

    KINDS = [("ed25519", Ed25519SigningKey), ("p256", P256SigningKey)]
    VCT = "https://college.example/types/soils"
    SUITE = SdJwtVcProofSuite()

    def claims(self, issuer):
        return {
            "iss": issuer,
            "vct": self.VCT,
            "name": "Zoë \u571f",
            "grade": "A",
            "learner": {"born": 1990, "pits": [1, 2.5, True, None]},
        }

    def put(self, folder, name, value):
        file = Path(folder) / name
        file.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
        return str(file)

    def jose(self, *args, expect=0):
        return json.loads(cairn("jose", *args, expect=expect))["data"]

    def test_they_verify_what_we_issue_and_present(self):
        for kind, _ in self.KINDS:
            with self.subTest(kind), tempfile.TemporaryDirectory() as folder:
                file, public = our_key(folder, kind)
                holder, holder_public = our_key(folder, "p256" if kind == "ed25519" else "ed25519")
                claims = self.put(folder, "claims.json", self.claims(public["controller"]))
                hidden = self.put(folder, "sd.json", ["name", "grade", "learner.born"])
                issued = self.jose(
                    "issue", "--feature", "sd_jwt_vc", "--input", claims, "--key", file, "--sd", hidden,
                    "--holder", holder,
                )
                token = self.put(folder, "issued.txt", issued)
                shown = self.jose(
                    "present", "--input", token, "--reveal", "name", "--key", holder,
                    "--audience", "https://verifier.example", "--nonce", "n1",
                )
                check = lambda nonce: self.SUITE.verify(
                    shown, public_key_jwk=public["publicKeyJwk"], audience="https://verifier.example",
                    nonce=nonce, require_key_binding=True, expected_vct=self.VCT,
                )
                verified = check("n1")
                self.assertEqual(verified.claims["name"], "Zoë \u571f")
                self.assertNotIn("grade", verified.claims)
                self.assertNotIn("born", verified.claims["learner"])
                with self.assertRaises(ProofError):
                    check("n2")

    def test_we_verify_what_they_issue_and_present(self):
        for kind, signer in self.KINDS:
            with self.subTest(kind), tempfile.TemporaryDirectory() as folder:
                key, holder = signer.generate(kid="k"), P256SigningKey.generate(kid="h")
                controller, method = CanonicalJson.did_of(key)
                key._kid = method  # known only once there is a key
                issued = self.SUITE.issue(
                    self.claims(controller), signing_key=key, disclosable=["name", "grade"], decoys=2,
                    holder_jwk=holder.public_jwk(),
                )
                shown = self.SUITE.create_presentation(
                    issued, holder_key=holder, audience="https://verifier.example", nonce="n1"
                )
                jwk = self.put(folder, "issuer.json", key.public_jwk())
                for token in (issued, shown):
                    file = self.put(folder, "token.txt", token)
                    words = ("verify", "--feature", "sd_jwt_vc", "--input", file, "--key", jwk)
                    claims = json.loads(self.jose(*words))
                    self.assertEqual(claims["grade"], "A")
                    self.assertEqual(our_finding(token, "proof"), "passed")
                    broken = token.replace("~", "~WyJhIiwiYiIsImMiXQ~", 1)
                    self.put(folder, "token.txt", broken)
                    self.jose(*words, expect=1)


class StatusPurposes(unittest.TestCase):
    """The table of docs/decisions/0004: what a set bit comes to, by the purpose of the entry and of the list."""

    URL = "https://college.example/status/1"

    def look(self, entry, purpose, is_set):
        bits = new_bitstring(131072)
        set_status_bit(bits, 94567, is_set)
        subject = {"type": "BitstringStatusList", "statusPurpose": purpose, "encodedList": encode_bitstring(bits)}
        credential = {
            "credentialStatus": {
                "id": f"{self.URL}#94567",
                "type": "BitstringStatusListEntry",
                "statusPurpose": entry,
                "statusListIndex": "94567",
                "statusListCredential": self.URL,
            }
        }
        try:
            found = check_credential_status(
                credential, resolve_status_list=lambda url: {"id": url, "credentialSubject": subject}
            )
        except StatusListError:
            return "error"
        return "refused" if found.revoked or found.suspended else "accepted"

    def test_what_a_set_bit_comes_to(self):
        for entry, purpose, want in [
            ("suspension", "suspension", "refused"),
            ("revocation", "revocation", "refused"),
            ("revocation", ["revocation", "suspension"], "error"),
        ]:
            with self.subTest(entry, purpose=purpose):
                self.assertEqual(self.look(entry, purpose, True), want)
                self.assertEqual(self.look(entry, purpose, False), "error" if want == "error" else "accepted")


class Baking(unittest.TestCase):
    """Open Badges 2.0 in pictures."""

    ASSERTION = "https://college.example/assertions/1"

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        base = Path(self.folder.name)
        self.pictures = {"png": base / "badge.png", "svg": base / "badge.svg"}
        with self.pictures["png"].open("wb") as file:
            png.from_array([[0, 128, 255]] * 3, "L").write(file)
        self.pictures["svg"].write_text(SVG, encoding="utf-8")

    def texts(self):
        assertion = {
            "@context": "https://w3id.org/openbadges/v2",
            "type": "Assertion",
            "id": self.ASSERTION,
            "recipient": {"type": "email", "hashed": False, "identity": "amy@college.example"},
            "badge": "https://college.example/badges/soils",
            "verification": {"type": "HostedBadge"},
            "issuedOn": "2026-01-15T09:00:00Z",
        }
        return [self.ASSERTION, json.dumps(assertion)]

    def test_they_read_what_we_bake(self):
        for kind, picture in self.pictures.items():
            for text in self.texts():
                with self.subTest(kind, text=text):
                    baked = cairn("bake", "--open-badges-2", str(picture), "-", given=text)
                    self.assertEqual(unbake(io.BytesIO(baked)).strip(), text)

    def test_we_read_what_they_bake(self):
        for kind, picture in self.pictures.items():
            for text in self.texts():
                with self.subTest(kind, text=text):
                    with picture.open("rb") as file:
                        baked = bake(file, text)
                    baked.seek(0)
                    out = cairn("unbake", "-", given=baked.read())
                    self.assertEqual(out.decode().strip(), text)


if __name__ == "__main__":
    outcome = unittest.main(exit=False).result
    failed = len(outcome.failures) + len(outcome.errors)
    print(f"# pass {outcome.testsRun - failed}\n# fail {failed}")
    sys.exit(1 if failed else 0)
