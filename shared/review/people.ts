import * as z from "zod";
import { LIMITS } from "../kernel/limits.ts";

/** The ARN of one principal, or of several: `*` stands for any text. */
const Principal = z
  .string()
  .max(500)
  .regex(/^arn:aws[a-z-]*:(iam|sts)::(\d+|\*):[^\s]+$/, "must be the ARN of a principal; * stands for any text")
  // Each `*` multiplies the ways in which a long ARN can match.
  .refine((principal) => principal.split("*").length <= 4, "may have three * at most");

/** The person behind a principal. `*` stands for what the last `*` of the ARN matched. */
const Person = z.string().trim().min(1).max(100);

/** Which principals are which people. */
export const People = z
  .record(Principal, Person)
  .refine((people) => Object.keys(people).length <= LIMITS.people, `may have at most ${LIMITS.people} principals`);
export type People = z.infer<typeof People>;

/**
 * Finds the person behind a principal. Undefined: the principal does not prove who it is. The settings count first: an ARN
 * without `*` before one with it, and a longer one before a shorter one. Without a setting these prove a person:
 * - an IAM user: its name;
 * - a session of IAM Identity Center: the name of the session, which Identity Center sets and the user can't choose.
 * Another role's session has a name that its user chooses, so one person could be two: it proves nobody. The root user and
 * federated users prove nobody either.
 * Names are compared without capitals and without what follows an `@`: when in doubt, two principals are one person.
 */
export function personOf(arn: string, people: People = {}): string | undefined {
  const name = mappedName(arn, people) ?? provenName(arn);
  if (name === undefined) return undefined;
  const [person = ""] = name.normalize("NFKC").trim().toLowerCase().split("@");
  return person === "" ? undefined : person;
}

function mappedName(arn: string, people: People): string | undefined {
  for (const [principal, person] of Object.entries(people).sort(([a], [b]) => bySpecificity(a, b))) {
    const match = new RegExp(`^${principal.split("*").map(literally).join("(.*)")}$`).exec(arn);
    if (match !== null) return person === "*" ? match.at(-1) : person;
  }
  return undefined;
}

const literally = (text: string): string => text.replaceAll(/[\\^$.+?()[\]{}|]/g, "\\$&");

const bySpecificity = (a: string, b: string): number =>
  Number(a.includes("*")) - Number(b.includes("*")) || b.length - a.length;

/** A path may stand before the name of an IAM user. */
const IAM_USER = /^arn:aws[a-z-]*:iam::\d+:user\/(?:.*\/)?([^/]+)$/;
const IDENTITY_CENTER = /^arn:aws[a-z-]*:sts::\d+:assumed-role\/AWSReservedSSO_[^/]+\/([^/]+)$/;

const provenName = (arn: string): string | undefined => (IAM_USER.exec(arn) ?? IDENTITY_CENTER.exec(arn))?.[1];
