import { armor, Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { expect, test } from "vitest";
import { lockOf } from "../../../functions/buyer/delivery/locked-file.ts";

const text = "A1\tS<>&\"'\u{1f600}\u05d0\r\n";

async function openedBy(typed: string, key: (decrypter: Decrypter) => void): Promise<string> {
  const lock = await lockOf(typed);
  if (!lock.ok) throw new Error(lock.code);
  const file = await lock.value(text);
  expect(file).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/);
  const decrypter = new Decrypter();
  key(decrypter);
  return decrypter.decrypt(armor.decode(file), "text");
}

test("a file of codes is locked by a passphrase, or to its buyer's public key, and opens byte for byte", async () => {
  const identity = await generateX25519Identity();
  expect(await openedBy("twelve letters", (of) => of.addPassphrase("twelve letters"))).toBe(text);
  expect(await openedBy(await identityToRecipient(identity), (of) => of.addIdentity(identity))).toBe(text);
});

test.each(["", "short", "elevenchars", "age1notakey", `age1${"q".repeat(58)}`])(
  "what is no key and no passphrase of some length locks nothing: %j",
  async (typed) => {
    expect(await lockOf(typed)).toMatchObject({
      ok: false,
      code: "invalid_request",
      errors: [{ pointer: "/form/lock" }],
    });
  },
);
