import { ok, type Result, refuse } from "../kernel/problem.ts";
import type { Review } from "../orders/model.ts";
import { personOf } from "./people.ts";
import type { ReviewSettings } from "./table.ts";

/** Who decides, by the principal's ARN, in which request. */
export type Decider = { operator: string; requestId: string };

/** The same with the person behind the principal, if that is known. */
export type Known = Decider & { person?: string };

export type Proposal = NonNullable<Review["proposal"]>;

/** Finds the person behind a principal. */
export function knownAs(by: Decider, { people }: ReviewSettings): Known {
  const person = personOf(by.operator, people);
  return { ...by, ...(person === undefined ? {} : { person }) };
}

/**
 * Tells whether this is the first of two people or the second. One person with two principals is not two. A principal
 * that proves nobody is neither, because the other person may be behind it.
 */
export function secondPerson(
  substance: string,
  { person }: Known,
  proposal: Omit<Proposal, "action"> | undefined,
  { people }: ReviewSettings,
): Result<"propose" | "confirm"> {
  if (person === undefined)
    return refuse(
      "person_unknown",
      "It takes two people, and your principal does not prove who you are: the settings must map it to a person.",
    );
  if (proposal?.substance !== substance) return ok("propose");
  const first = [proposal.person, personOf(proposal.by, people)];
  if (first.includes(person))
    return refuse("second_person_required", "You have proposed this yourself: somebody else must decide the same.");
  // The first person is not known: this is a new proposal.
  return first[1] === undefined ? ok("propose") : ok("confirm");
}

/** Makes a proposal: what the first of two people has decided. `substance` is equal when the second decides the same. */
export function proposalOf(
  action: Proposal["action"],
  substance: string,
  { operator, person }: Known,
  now: Date,
): Proposal {
  return { action, substance, by: operator, ...(person === undefined ? {} : { person }), at: now.toISOString() };
}

/** Says in a record who has proposed what the second person decides. */
export const proposedBy = (proposal: Pick<Proposal, "by" | "person"> | undefined): string =>
  proposal === undefined ? "" : ` (proposed by ${[proposal.by, proposal.person ?? []].flat().join(", ")})`;
