import { LIMITS } from "../../../shared/kernel/limits.ts";
import type { Result } from "../../../shared/kernel/problem.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";

/** Locks a text with what its buyer has typed: a public key, or a passphrase. */
type Lock = (text: string) => Promise<string>;

/**
 * Makes the lock of a file, as `age -d` opens it (age-encryption.org/v1), in letters and digits. It is made before the codes are looked at:
 * refused is a key that is none, and a passphrase that is too short. The library is loaded when somebody wants it: it is a fifth of this
 * function.
 */
export async function lockOf(typed: string): Promise<Result<Lock>> {
  const { encrypterBy, encrypterTo } = await import("../../../shared/orders/age.ts");
  const isKey = typed.startsWith("age1");
  if (!isKey && typed.length < LIMITS.passphraseLength)
    return refuse("invalid_request", "The passphrase is too short.", [
      { pointer: "/form/lock", message: `must have ${LIMITS.passphraseLength} characters at least` },
    ]);
  const encrypter = isKey ? await encrypterTo(typed) : encrypterBy(typed);
  if (encrypter === undefined)
    return refuse("invalid_request", "The file can't be encrypted to that key.", [
      { pointer: "/form/lock", message: "must be an age recipient: age1…" },
    ]);
  const { armor } = await import("age-encryption");
  return ok(async (text) => armor.encode(await encrypter.encrypt(text)));
}
