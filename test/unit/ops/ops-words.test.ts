import { describe, expect, test } from "vitest";
import { readArguments } from "../../../infra/ops/arguments.ts";
import { commands } from "../../../infra/ops/commands.ts";
import { withOptions } from "../../../infra/ops/named-errors.ts";

// What the command line says of words that it does not know, and of fields that the API refuses.

/** What is said about a command line before anybody is called. */
const toldAbout = async (...argv: string[]): Promise<string> => {
  const told = async () => {
    const { command, given } = readArguments(argv);
    await command.call?.(given);
    return "";
  };
  return told().catch((error: Error) => error.message);
};

describe("a word that there isn't proposes the nearest one:", () => {
  const create = ["products", "create", "--name", "N", "--price", "1"];
  const decide = ["reviews", "decide", "ord_1", "--reason", "r"];
  const supplier = ["suppliers", "create", "--name", "S", "--url", "u", "--credentials", "c"];
  const pool = ["pools", "create", "--product", "p", "--subject", "s", "--kind"];
  const scopes = ["keys", "create", "--channel", "c", "--scopes"];

  test.each([
    ["a noun", ["prodcuts", "list"], 'did you mean "products list"?'],
    ["a verb", ["stock", "cuont"], 'did you mean "stock count"?'],
    ["the beginning of a verb", ["imports", "can"], 'did you mean "imports cancel"?'],
    ["an option", [...create, "--kind", "code", "--curency", "CNY"], "--curency here; did you mean --currency?"],
    ["a kind", [...create, "--currency", "CNY", "--kind", "top-up"], "did you mean topup?"],
    ["a currency by another name", [...create, "--kind", "code", "--currency", "RMB"], "did you mean CNY?"],
    ["a currency in small letters", [...create, "--kind", "code", "--currency", "cny"], "did you mean CNY?"],
    ["a currency of a limit", ["settings", "set", "--two-people-from", "RMB=1"], "did you mean CNY?"],
    ["an action", [...decide, "--action", "refnud"], "did you mean refund?"],
    ["a protocol", [...supplier, "--protocol", "rune"], "did you mean runa?"],
    ["a pool's kind", [...pool, "chanel", "--when-empty", "stop"], "did you mean channel?"],
    ["a scope among others", [...scopes, "orders:read,order:write"], "did you mean orders:write?"],
  ])("%s", async (_what, argv, says) => {
    expect(await toldAbout(...argv)).toContain(says);
  });

  test("and what is like nothing proposes nothing", async () => {
    expect(await toldAbout("weather", "show")).toMatch(
      /^There is no command "weather show"\.\n\nWhat there is: products, /,
    );
    expect(await toldAbout(...create, "--currency", "CNY", "--kind", "banana")).toBe(
      "--kind banana is none of its values. It takes code, topup, link, booking, licence, qr.",
    );
  });

  test("a reason of reviews, when the API does not know it either", () => {
    const { command, given } = readArguments(["reviews", "list", "--reason", "soldout"]);
    const body = { errors: [{ pointer: "/query/reason", message: "is no reason" }] };
    expect(withOptions(command, given.options, { ok: false, status: 400, body }).body).toEqual({
      errors: [{ option: "--reason", pointer: "/query/reason", message: "is no reason; did you mean sold_out?" }],
    });
  });
});

test("a wrong verb shows the verbs of its noun and no others", async () => {
  for (const words of [
    ["products", "destroy"],
    ["products", "--json"],
  ]) {
    const told = await toldAbout(...words);
    expect(told).toContain("  products change");
    expect(told).not.toContain("  stock count");
  }
});

describe("a refusal names the option that filled the field:", () => {
  test.each([
    ["products create", "/holdSeconds", "--hold"],
    ["products create", "/price/amount", "--price"],
    ["products create", "/price/currency", "--currency"],
    ["products create", "/sources/1/supplierId", "--supplier"],
    ["products create", "/sources/1/supplierProductId", "--supplier-product"],
    ["products change", "/change/limits/perBuyer/per", "--limit-buyer"],
    ["products change", "/change/deliverWithinSeconds", "--deliver-within"],
    ["products listing", "/listing", "--is"],
    ["restock set", "/maxCost/amount", "--max-cost"],
    ["channels deposit", "/money/amount", "--amount"],
    ["channels deposit", "/money/currency", "--currency"],
    ["keys create", "/scopes/0", "--scopes"],
    ["suppliers create", "/baseUrl", "--url"],
    ["suppliers create", "/timeoutMs", "--timeout-ms"],
    ["settings set", "/twoPeopleFrom/EUR", "--two-people-from"],
    ["settings set", "/decideWithinSeconds", "--decide-within"],
    ["pools create", "/owner/subject", "--subject"],
    ["pools set", "/lowBelow", "--low-below"],
    ["reviews list", "/query/supplierId", "--supplier"],
    ["reviews decide", "/filter/supplierId", "--supplier"],
    ["reviews decide", "/with/productId", "--product"],
    ["stock upload", "/layout/columns/secret", "--secret"],
    ["stock upload", "/layout/dayEnds", "--day-ends"],
  ])("%s, %s: %s", (words, pointer, option) => {
    const body = { code: "invalid_request", errors: [{ pointer, message: "m" }] };
    const command = commands[words] ?? { options: {} };
    expect(withOptions(command, {}, { ok: false, status: 400, body }).body).toEqual({
      code: "invalid_request",
      errors: [{ option, pointer, message: "m" }],
    });
  });

  test("and a field of no option stays as it is", () => {
    const answer = { ok: false, status: 400, body: { errors: [{ pointer: "/base", message: "m" }] } };
    expect(withOptions(commands["products change"] ?? { options: {} }, {}, answer)).toEqual(answer);
  });
});
