import * as z from "zod";
import type { Ticket } from "../inventory/model.ts";
import { readSlots } from "../inventory/slots.ts";
import { after } from "../kernel/clock.ts";
import { correlation } from "../kernel/correlation.ts";
import { fingerprintOf, idOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { repeatOf } from "../kernel/repeat.ts";
import { CASE_KINDS, openCaseOf } from "../orders/cases.ts";
import type { Line, Order } from "../orders/model.ts";
import { staying } from "../orders/round.ts";
import { piecesLeft, worthOf } from "../orders/shares.ts";
import { moveOrder, readOrder } from "../orders/table.ts";
import { advanceCase } from "./advance.ts";
import type { CaseDeps } from "./deps.ts";
import type { Case, Opener } from "./model.ts";
import { summaryOf } from "./move.ts";
import { readCaseSettings } from "./settings.ts";
import { caseWrite, readCase } from "./table.ts";

const named = { description: "Which of the line's codes, from 1, in the order of its deliverables." };

/** What is asked for after the sale. Without `pieces` or `codes` it is about all that is left of the line. */
export const NewCase = z
  .strictObject({
    kind: z.enum(CASE_KINDS).meta({
      description:
        "`void_and_reissue`: codes that don't work are replaced · `change_recipient`: a top-up goes to another account · `change_product` · " +
        "`refund`: money back, by the product's rule · `ask_supplier`: a question to who has delivered.",
    }),
    lineId: z.string().min(1).max(10).meta({ description: "The line that it is about." }),
    pieces: z.array(z.int().min(1)).min(1).max(LIMITS.piecesPerCase).optional().meta(named),
    codes: z
      .array(z.string().regex(/^code_[0-9a-z]{20,26}$/, "must be the id of a code"))
      .min(1)
      .max(LIMITS.piecesPerCase)
      .optional()
      .meta({ description: "The same, by the `codeId` of deliverables." }),
  })
  .refine(({ pieces, codes }) => pieces === undefined || codes === undefined, {
    path: ["codes"],
    message: "can't be named together with pieces",
  });
export type NewCase = z.infer<typeof NewCase>;

/** Who opens a case, under which key of theirs. `channelId`: the order must be this channel's. */
export type OpenedBy = { opener: Opener; key: string; channelId?: string };

/**
 * Opens a case of an order, once for each key, and does at once what a rule decides. A repeat gets the case as it is by now; another wish
 * under the same key is refused. A line has one open case at most.
 */
export async function openCase(
  deps: CaseDeps,
  orderId: string,
  wish: NewCase,
  { opener, key, channelId }: OpenedBy,
): Promise<Result<Case>> {
  const id = idOf("case", orderId, opener, key);
  const what = fingerprintOf(wish);
  for (let turn = 0; turn < LIMITS.triesPerCase; turn++) {
    const order = await readOrder(deps, orderId);
    if (order === undefined || (channelId !== undefined && order.channelId !== channelId))
      return refuse("not_found", "There is no such order.");
    const made = await readCase(deps, id);
    if (made !== undefined) {
      const repeat = repeatOf(made, made.what === what, "another case");
      return repeat.ok ? advanceCase(deps, id) : repeat;
    }
    const planned = await planCase(deps, order, wish);
    if (!planned.ok) return planned;
    const now = deps.clock();
    const { decideWithinSeconds } = await readCaseSettings(deps);
    const fresh: Case = {
      id,
      version: 1,
      orderId,
      channelId: order.channelId,
      kind: wish.kind,
      lineId: wish.lineId,
      ...planned.value,
      what,
      state: "open",
      openedBy: opener,
      openedAt: now.toISOString(),
      dueAt: after(now, LIMITS.caseLeftSeconds),
      decideBy: after(now, decideWithinSeconds),
      ...correlation(),
    };
    const cases = [...(order.cases ?? []), summaryOf(fresh)];
    const put = await moveOrder(deps, order, { cases }, [caseWrite(deps, fresh)]);
    if (put.ok) return advanceCase(deps, id);
  }
  return refuse("busy", "The order changes too fast; repeat this in a moment.");
}

/** Says what a case is about, or why there can't be one. */
async function planCase(deps: CaseDeps, order: Order, wish: NewCase): Promise<Result<Pick<Case, "tickets" | "worth">>> {
  const line = staying(order.lines).find(({ id }) => id === wish.lineId);
  if (line === undefined) return wrong("lineId", "is no line of the order");
  const open = openCaseOf(order, line.id);
  if (open !== undefined) return refuse("case_open", `Case ${open.id} of this line has not ended.`);
  if ((order.cases ?? []).length >= LIMITS.casesPerOrder)
    return refuse("limit_reached", `An order has ${LIMITS.casesPerOrder} cases at most.`);
  const { currency } = order.total;
  if (line.state !== "fulfilled" || order.fundedAt === undefined)
    return refuse("line_settled", "The line was not delivered, or went back.");
  const isWhole = line.tickets === undefined && line.reserved === undefined;
  if (isWhole && wish.kind === "refund" && wish.pieces === undefined && wish.codes === undefined)
    return ok({ worth: { amount: worthOf([{ line, pieces: piecesLeft(line) }]), currency } });
  const chosen = await chooseCodes(deps, line, wish);
  if (!chosen.ok) return chosen;
  const tickets = chosen.value;
  return ok({ tickets, worth: { amount: worthOf([{ line, pieces: tickets.length }]), currency } });
}

const wrong = (member: string, message: string) =>
  refuse("invalid_request", "The case is not about this order.", [{ pointer: `/${member}`, message }]);

/** Finds the codes that are meant, by their places or their ids. */
async function chooseCodes(deps: CaseDeps, line: Line, { pieces, codes }: NewCase): Promise<Result<Ticket[]>> {
  const { tickets = [] } = line;
  if (tickets.length === 0) return refuse("wrong_kind", "The line has no codes of its own that could be named.");
  if (codes !== undefined) {
    const slots = await readSlots(deps, tickets);
    const byId = new Map(
      slots.flatMap((slot, at) => (slot === undefined || slot.state === "moved" ? [] : [[slot.codeId, tickets[at]]])),
    );
    const found = [...new Set(codes)].map((code) => byId.get(code));
    const missing = found.indexOf(undefined);
    return missing < 0
      ? ok(found.filter((ticket) => ticket !== undefined))
      : wrong(`codes/${missing}`, "is no code that the line has");
  }
  if (pieces !== undefined) {
    const beyond = pieces.findIndex((place) => place > tickets.length);
    if (beyond >= 0) return wrong(`pieces/${beyond}`, `is more than the line has: ${tickets.length}`);
    return ok([...new Set(pieces)].flatMap((place) => tickets[place - 1] ?? []));
  }
  return tickets.length <= LIMITS.piecesPerCase
    ? ok([...tickets])
    : wrong("pieces", `is needed: a case is about ${LIMITS.piecesPerCase} codes at most`);
}
