import { REASONS } from "../../shared/review/reasons.ts";
import type { OperatorCall } from "./client.ts";
import type { Command, Given } from "./command.ts";
import { decisionEffect } from "./decision-effect.ts";
import { WrongUsage } from "./wrong-usage.ts";

/** What may be said beside an action and its reason. What is for another one is refused: it would have spared something. */
const OF_ONE: Record<string, readonly string[]> = {
  retry: [],
  note: [],
  reject: [],
  refund: ["lines", "even-if-unresolved"],
  replace: ["line", "with", "product", "supplier", "supplier-product", "even-if-unresolved"],
};
const FILTER = ["all", "review-reason", "review-product", "since"];
const OF_ALL: Record<string, readonly string[]> = {
  retry: [...FILTER, "supplier"],
  note: [...FILTER, "supplier"],
  refund: [...FILTER, "supplier"],
  replace: [...FILTER, "with", "product", "supplier", "supplier-product"],
};

function refuseOthers(options: Given["options"], what: string, ofAction: Record<string, readonly string[]>): void {
  const { action = "" } = options;
  // The API says what is wrong with an action that there isn't.
  if (!Object.hasOwn(ofAction, action)) return;
  const known = ["action", "reason", ...(ofAction[action] ?? [])];
  const others = Object.keys(options).filter((name) => options[name] !== undefined && !known.includes(name));
  if (others.length > 0)
    throw new WrongUsage(`${what} has no use for ${others.map((name) => `--${name}`).join(", ")}.`);
}

function decideOne(orderId: string, options: Given["options"]): OperatorCall {
  const { action = "", reason, lines, line } = options;
  refuseOthers(options, `--action ${action}`, OF_ONE);
  const evenIfUnresolved = options["even-if-unresolved"] === undefined ? {} : { evenIfUnresolved: true };
  return {
    method: "POST",
    path: `/admin/v1/reviews/${encodeURIComponent(orderId)}/decisions`,
    json: {
      action,
      reason,
      ...(lines === undefined ? {} : { lines: lines.split(",") }),
      ...(action === "replace" ? { lineId: line, with: replacement(options) } : {}),
      ...evenIfUnresolved,
    },
  };
}

/** What the line is replaced with: `--with stock`, `product` or `supplier`, and which. */
function replacement(options: Given["options"]): object {
  const { with: from, product: productId, supplier: supplierId } = options;
  const supplierProductId = options["supplier-product"];
  return { from, productId, supplierId, supplierProductId };
}

function decideAll(options: Given["options"]): OperatorCall {
  const { action = "", reason, supplier: supplierId, since } = options;
  refuseOthers(options, `--all --action ${action}`, OF_ALL);
  const about = { reason: options["review-reason"], productId: options["review-product"], since };
  const json =
    action === "replace"
      ? { filter: about, action, reason, with: replacement(options) }
      : { filter: { ...about, supplierId }, action, reason };
  return { method: "POST", path: "/admin/v1/reviews/decisions", json };
}

/** The next page: from where this one ended, with the filter as the first one fixed it. */
function nextPage(call: OperatorCall, body: unknown): OperatorCall | undefined {
  const { filter, nextCursor } = body as { filter: object; nextCursor: string | null };
  if (nextCursor === null) return undefined;
  return { ...call, json: { ...(call.json as object), filter, cursor: nextCursor } };
}

/** What an operator says about orders that went wrong. */
export const reviewCommands: Record<string, Command> = {
  "reviews decide": {
    argument: "[ORDER]",
    answers: "by a second person",
    asks: {
      isDue: ({ options }) => options["action"] !== "note",
      isBulk: ({ options }) => options["all"] !== undefined,
      effect: decisionEffect,
    },
    options: {
      action: {
        required: true,
        about: "retry, replace, refund, note, or reject what somebody has proposed",
        choices: ["retry", "replace", "refund", "note", "reject"],
      },
      reason: { required: true, about: "goes into the audit trail" },
      lines: { about: "refund: only these, comma-separated" },
      line: { about: "replace: this one", fields: ["/lineId"] },
      with: { about: "replace: stock, product or supplier", choices: ["stock", "product", "supplier"] },
      product: { about: "replace: with this product", fields: ["/with/productId"] },
      "supplier-product": { about: "replace: what the supplier calls it", fields: ["/with/supplierProductId"] },
      "even-if-unresolved": { flag: true, about: "without the supplier's definite no" },
      all: { flag: true, local: true, about: "all reviews that the filters mean, instead of one order" },
      "review-reason": { about: "--all: only reviews of this reason", usual: REASONS, fields: ["/filter/reason"] },
      "review-product": { about: "--all: only lines of this product; replace needs it", fields: ["/filter/productId"] },
      supplier: {
        about: "--all: only lines that wait for this supplier; replace: from this supplier",
        fields: ["/filter/supplierId", "/with/supplierId"],
      },
      since: { about: "--all: only what came in at or after this time, RFC 3339", fields: ["/filter/since"] },
    },
    call: ({ argument, options }) => {
      const isForAll = options["all"] !== undefined;
      if (isForAll === (argument !== "")) throw new WrongUsage("Name one ORDER, or say --all.");
      return isForAll ? decideAll(options) : decideOne(argument, options);
    },
    next: (call, body) => (call.path === "/admin/v1/reviews/decisions" ? nextPage(call, body) : undefined),
  },
};
