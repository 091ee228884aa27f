import { transact, type Writes } from "../aws/dynamo.ts";
import { CASE_MOVES, type OrderCase } from "../orders/cases.ts";
import type { Order } from "../orders/model.ts";
import { type Change, moveOrder } from "../orders/table.ts";
import type { CaseDeps } from "./deps.ts";
import type { Case } from "./model.ts";
import { type CaseChange, caseWrite, changedCase, readCase } from "./table.ts";

/** Gives what an order tells of a case. */
export const summaryOf = ({ id, kind, lineId, state, openedAt, endedAt, reason }: Case): OrderCase => ({
  id,
  kind,
  lineId,
  state,
  openedAt,
  ...(endedAt === undefined ? {} : { endedAt }),
  ...(reason === undefined ? {} : { reason }),
});

/** The result of changing a case. `ok` false: it, its order or their codes are no longer what they were; here is what they are. */
export type MovedCase = { ok: boolean; order: Order; case: Case };

/**
 * Changes a case, what its order tells of it, and what else is named, in one write or not at all. Both must still be what the caller has
 * read.
 */
export async function moveCase(
  deps: CaseDeps,
  order: Order,
  from: Case,
  change: CaseChange,
  { order: more = {}, writes = [] }: { order?: Change; writes?: Writes } = {},
): Promise<MovedCase> {
  const to = changedCase(from, change);
  if (!CASE_MOVES[from.state].includes(to.state)) throw new Error(`illegal move: ${from.state} to ${to.state}`);
  const cases = (order.cases ?? []).map((one) => (one.id === to.id ? summaryOf(to) : one));
  const moved = await moveOrder(deps, order, { ...more, cases }, [caseWrite(deps, to), ...writes]);
  if (moved.ok) return { ok: true, order: moved.order, case: to };
  return { ok: false, order: moved.order, case: (await readCase(deps, from.id)) ?? from };
}

/** Changes what an order does not tell of a case: when it is due, that it is late, who has proposed what. False: it has changed. */
export const noteCase = async (deps: CaseDeps, from: Case, change: Omit<CaseChange, "state">): Promise<boolean> =>
  (await transact(deps.db, [caseWrite(deps, changedCase(from, change))])).ok;
