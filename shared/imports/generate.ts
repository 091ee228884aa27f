import { createHmac } from "node:crypto";
import type { KMSClient } from "@aws-sdk/client-kms";
import * as z from "zod";
import { LIMITS } from "../kernel/limits.ts";
import { derivedKey } from "../secrecy/derived-key.ts";

/**
 * No 0 or O and no 1 or I, so that a code can be read out and typed without mistakes. 32 letters are five bits each.
 */
const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const BITS_PER_LETTER = 5;

/** Fewer bits could be guessed. At a thousand tries a second, a million codes of 80 bits hold for 38 million years. */
export const BITS_AT_LEAST = 80;

export const bitsOf = (template: string): number => BITS_PER_LETTER * (template.split("X").length - 1);

/**
 * The form of our codes. Each `X` is a random letter, a `C` at the end is the check letter, everything else stands as
 * it is; for example `XXXXX-XXXXX-XXXXX-XXXXXC`.
 */
export const Template = z
  .string()
  .max(64)
  .regex(/^[XA-BD-Z0-9_-]*C?$/, "may have X, capital letters, digits, - and _, and a C at its end")
  .superRefine((template, context) => {
    const bits = bitsOf(template);
    if (bits < BITS_AT_LEAST)
      context.addIssue({ code: "custom", message: `has ${bits} bits of chance; at least ${BITS_AT_LEAST} are safe` });
  });

export const Generation = z.strictObject({
  template: Template.default("XXXXX-XXXXX-XXXXX-XXXXXC"),
  count: z.int().min(1).max(LIMITS.uploadLines),
});
export type Generation = z.infer<typeof Generation>;

/** The name of the key that our own codes come from. It is used for nothing else. */
export const GENERATION_KEY = "generation";

export type GeneratorDeps = { kms: KMSClient; generationKey: string; fingerprintKey: string };

/**
 * Makes a function that gives the codes of one generation by their numbers. They are always the same, so a worker that
 * goes on after a crash makes what was made. They come from a key that KMS derives for run-import alone and that this
 * process forgets. A generation that was begun before that key existed goes on with its own key.
 */
export async function generator(
  { kms, generationKey, fingerprintKey }: GeneratorDeps,
  { importId, madeWith }: { importId: string; madeWith?: typeof GENERATION_KEY },
  template: string,
): Promise<(number: number) => string> {
  const keyId = madeWith === GENERATION_KEY ? generationKey : fingerprintKey;
  const key = await derivedKey({ kms, keyId }, `codes of ${importId}`);
  return (number) => codeFrom(createHmac("sha512", key).update(String(number)).digest(), template);
}

/**
 * Makes a code from random bytes. 512 bits are 64 letters: the low five bits of a byte are one letter, each equally
 * likely.
 */
export function codeFrom(chance: Uint8Array, template: string): string {
  let used = 0;
  const letters = Array.from(template, (letter) =>
    letter === "X" ? (ALPHABET[(chance[used++] ?? 0) % ALPHABET.length] ?? "") : letter,
  );
  if (!template.endsWith("C")) return letters.join("");
  const body = letters.slice(0, -1).join("");
  return body + checkLetterOf(body);
}

/**
 * Computes the check letter: Luhn's check, mod 32. It finds each single wrong letter, and nearly all that were swapped
 * with a neighbour.
 */
export function checkLetterOf(body: string): string {
  const values = Array.from(body, (letter) => ALPHABET.indexOf(letter)).filter((value) => value >= 0);
  const sum = values.toReversed().reduce((total, value, index) => {
    const doubled = index % 2 === 0 ? value * 2 : value;
    return total + Math.floor(doubled / ALPHABET.length) + (doubled % ALPHABET.length);
  }, 0);
  return ALPHABET[(ALPHABET.length - (sum % ALPHABET.length)) % ALPHABET.length] ?? "";
}
