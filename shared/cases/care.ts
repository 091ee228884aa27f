import { keysInList } from "../aws/listed.ts";
import { LIMITS } from "../kernel/limits.ts";
import { isEnd } from "../orders/cases.ts";
import { nextLook } from "./model.ts";
import { noteCase } from "./move.ts";
import { caseIdIn, OPEN, readCase } from "./table.ts";
import { type WorkDeps, workOn } from "./work.ts";

/** Before all times. */
const EVER = "0";

/** What one look after cases has found: how many were due, and how many of them nobody has decided in time. */
export type Cared = { due: number; late: number };

/**
 * Looks after every case that is due: goes on with what was left half-way, and marks those that nobody has decided in time. `failed` hears
 * of a case that can't be looked after, and the others are looked after all the same. The list may be a moment behind.
 */
export async function careCases(deps: WorkDeps, failed: (caseId: string, error: unknown) => void): Promise<Cared> {
  const due = await keysInList(deps, OPEN, { from: EVER, to: deps.clock().toISOString() }, LIMITS.casesPerCare);
  let late = 0;
  for (const key of due) {
    const id = caseIdIn(key);
    try {
      if (await careFor(deps, id)) late += 1;
    } catch (error) {
      failed(id, error);
    }
  }
  return { due: due.length, late };
}

/** Looks after one case. True: nobody has decided it in time. */
async function careFor(deps: WorkDeps, id: string): Promise<boolean> {
  const worked = await workOn(deps, id);
  const one = worked.ok ? worked.value : await readCase(deps, id);
  if (one === undefined || isEnd(one.state)) return false;
  const now = deps.clock();
  const isLate = one.decideBy <= now.toISOString();
  if ((one.dueAt ?? "") > now.toISOString()) return isLate;
  await noteCase(deps, one, { dueAt: nextLook(one, now), ...(isLate ? { isLate: true } : {}) });
  return isLate;
}
