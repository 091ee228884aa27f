import { Encrypter } from "age-encryption";

/**
 * Makes what encrypts files to a public key (age-encryption.org/v1) and tries it, before goods are looked at: not every text in the form
 * of a key is a key. Undefined: this one is none.
 */
export async function encrypterTo(recipient: string): Promise<Encrypter | undefined> {
  const encrypter = new Encrypter();
  try {
    encrypter.addRecipient(recipient);
    await encrypter.encrypt("");
    return encrypter;
  } catch {
    // The library's error is in its own words. The mistake is the caller's.
    return undefined;
  }
}

/**
 * 2^15 rounds of scrypt take 32 MB and half a second of the processor that a function has; the library's own 2^18 would take 256 MB. Each
 * bit less makes a guess half as dear, so a passphrase must be long.
 */
const SCRYPT_WORK_FACTOR = 15;

/** Makes what encrypts files by a passphrase. */
export function encrypterBy(passphrase: string): Encrypter {
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(SCRYPT_WORK_FACTOR);
  encrypter.setPassphrase(passphrase);
  return encrypter;
}
