/** What tests of buyers' pages have left in a stack: addresses, tokens of links, one-time codes. A later test looks for them everywhere. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { localDir } from "../../../infra/local/places.ts";
import type { Finding, Kept } from "./needles.ts";

/** Files of other processes of the same run add to it. */
const file = join(localDir, "left-by-tests");

const KINDS = ["contact", "token", "code"] as const;
type Kind = (typeof KINDS)[number];
export type Left = Readonly<Record<Kind, ReadonlySet<string>>>;

function note(kind: Kind, texts: readonly string[]): void {
  if (texts.length === 0) return;
  mkdirSync(localDir, { recursive: true });
  appendFileSync(file, texts.map((text) => `${kind} ${text}\n`).join(""));
}

/** Notes the links that an answer or a message tells. */
export const noteLinks = (text: string): void =>
  note(
    "token",
    [...text.matchAll(/\/(?:d|find)\/([0-9A-Za-z]{22})(?![0-9A-Za-z])/g)].map(([, token = ""]) => token),
  );

/** Notes the one-time code of a mail. */
export const noteCodes = (text: string): void => note("code", text.match(/^\d{8}$/gm) ?? []);

/** Notes what an order or a search says of how somebody is reached. */
export const noteContacts = (...said: unknown[]): void =>
  note(
    "contact",
    // What is shorter could stand anywhere by chance.
    said.filter((one): one is string => typeof one === "string" && one.length > 10 && !one.includes("\n")),
  );

/** Reads what was noted so far, and forgets it. */
export function takeLeft(): Left {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  rmSync(file, { force: true });
  const of = (kind: Kind) =>
    new Set(lines.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(kind.length + 1)));
  return { contact: of("contact"), token: of("token"), code: of("code") };
}

/** Longer runs of letters and digits are what was encrypted or encoded: no token stands in the clear within them. */
const LONGEST_RUN = 64;

/** Finds tokens and codes, each as a word or within a short one; there are too many of them to look for each in turn. */
export function findLeft({ place, text }: Kept, { token, code }: Pick<Left, "token" | "code">): Finding[] {
  const found = new Set<string>();
  for (const [run] of text.matchAll(/[0-9A-Za-z]{22,}/g))
    for (let at = 0; run.length <= LONGEST_RUN && at + 22 <= run.length; at++) {
      const part = run.slice(at, at + 22);
      if (token.has(part)) found.add(part);
    }
  for (const [digits] of text.matchAll(/(?<![0-9A-Za-z])\d{8}(?![0-9A-Za-z])/g))
    if (code.has(digits)) found.add(digits);
  return [...found].map((secret) => ({ place, secret, form: "plain" }));
}
