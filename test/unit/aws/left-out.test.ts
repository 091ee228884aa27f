import { expect, test } from "vitest";
import type { Place, Sent } from "../../support/scenes/expressions.ts";
import { endsLeftOut, expressionsLeftOut } from "../../support/scenes/left-out.ts";

const place = (text: string): Place => ({
  file: "shared/orders/table.ts",
  function: "moveOrder",
  sendsItself: true,
  kind: "UpdateExpression",
  text,
  patterns: [new RegExp(`^${text}$`)],
});
const sent = (expression: string, name = "moveOrder"): Sent => ({
  kind: "UpdateExpression",
  expression,
  by: [`shared/orders/table.ts ${name}`],
});

test("an expression that no scene has sent is left out, and so is one that another function has sent", () => {
  const places = [place("SET a = :a"), place("SET b = :b"), { ...place("text of others"), patterns: [] }];
  const wrong = { unproved: ["shared/orders/table.ts moveOrder: UpdateExpression SET b = :b"], made: 2 };
  expect(expressionsLeftOut(places, [sent("SET a = :a")])).toEqual({ ...wrong, unseen: [] });
  const byAnother = "shared/orders/table.ts readOrder: UpdateExpression SET b = :b";
  const others = [sent("SET a = :a"), sent("SET b = :b", "readOrder")];
  expect(expressionsLeftOut(places, others)).toEqual({ ...wrong, unseen: [byAnother] });
  expect(expressionsLeftOut(places, [sent("SET a = :a"), sent("SET b = :b")])).toMatchObject({ unproved: [] });
});

test("a kind of item that ends, and whose end no scene has seen, is left out", () => {
  const kind = (name: string, end: "time to live" | "kept") => ({ table: "orders", kind: name, pk: /a/, sk: /b/, end });
  const kinds = [kind("wait", "time to live"), kind("counter", "time to live"), kind("order", "kept")];
  expect(endsLeftOut(kinds, ["counter"])).toEqual(["wait"]);
});
