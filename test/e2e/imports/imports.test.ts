import { describe, expect, test } from "vitest";
import { trailOf } from "../../../shared/audit/table.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { terminal } from "../../support/ops/ops.ts";
import { http, type Json, makeCodes, openShop, operate, order, stockProduct } from "../../support/orders/shop.ts";

const stack = deployedStack();
const { json, raw, file, stackFile } = terminal(stack);

const done = async (...words: string[]): Promise<Json> => {
  const { code, value } = await json(...words);
  expect([code, value]).toEqual([0, value]);
  return value;
};

describe.concurrent("a large file of codes", () => {
  test("is uploaded, imported in segments, reported line by line, and sold", async () => {
    const { productId } = await stockProduct(stack, 0);
    const codes = makeCodes(5_500);
    const rows = codes.map((code, index) => `${index}|${code}`);
    const path = file("large.csv", ["serial|pin", ...rows, "x|", `0|${codes[0]}`].join("\r\n"));
    const words = ["stock", "upload", "--product", productId, "--file", path, "--delimiter", "|", "--secret", "pin"];
    const run = await raw(...words, "--number", "serial", "--json", "--stack", stackFile);
    // Two lines are refused, so it is done in part.
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/\d+ %, \d+ lines a second/);
    const imported: Json = JSON.parse(run.stdout);
    expect(imported).toMatchObject({ state: "finished", percent: 100, imported: 5_500, refused: 2, segments: 2 });
    expect(imported.linesPerSecond).toBeGreaterThan(0);
    const refusals = await done("imports", "refusals", imported.importId);
    expect(refusals).toEqual({
      reasons: { secret_missing: "The line has no code.", duplicate: "The product has this code already." },
      data: [
        { line: 5_502, reason: "secret_missing" },
        { line: 5_503, reason: "duplicate" },
      ],
      nextCursor: null,
    });
    expect(await done("stock", "count", "--product", productId)).toMatchObject({ imported: 5_500, available: 5_500 });
    const shop = await openShop(100_000);
    const sold = await order(shop, [{ productId, quantity: 2 }]);
    const [first] = sold.body.lines[0].deliverables as Json[];
    expect(codes[Number(first.number)]).toBe(first.secret);
    for (const said of [run.stdout, JSON.stringify(refusals)]) expect(said).not.toContain(codes[0]);
    const actions = (await trailOf(domain(), productId)).map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(["import_created", "import_started"]));
  });

  test("overlaps with two others that are imported at the same time: every code is in stock once, and sold once", async () => {
    const { productId } = await stockProduct(stack, 0);
    const [shared, ...own] = [makeCodes(80), makeCodes(20), makeCodes(20), makeCodes(20)];
    const uploads = own.map(async (codes, index) => {
      const rows = index === 1 ? [...codes, ...shared] : [...shared, ...codes];
      const path = file(`overlap-${index}.csv`, ["secret", ...rows].join("\n"));
      const words = ["stock", "upload", "--product", productId, "--file", path, "--quiet"];
      return json(...words, ...(index === 2 ? ["--seal"] : []));
    });
    const ended = await Promise.all(uploads);
    const imports = ended.map(({ value }) => value);
    // Whose lines were there already is done in part.
    expect(ended.map(({ code }) => code)).toEqual(imports.map(({ refused }) => (refused === 0 ? 0 : 3)));
    const sum = (of: "imported" | "refused"): number => imports.reduce((total, it) => total + it[of], 0);
    expect([sum("imported"), sum("refused")]).toEqual([140, 160]);
    expect(await done("stock", "count", "--product", productId)).toMatchObject({ imported: 140, available: 140 });
    const shop = await openShop(1_000_000);
    const secrets: string[] = [];
    for (const quantity of [50, 50, 40]) {
      const sold = await order(shop, [{ productId, quantity }]);
      secrets.push(...(sold.body.lines[0].deliverables as Json[]).map(({ secret }) => secret as string));
    }
    expect(secrets.toSorted()).toEqual([...shared, ...own.flat()].toSorted());
  });

  test("is not needed for codes of our own making, which are sold like any other", async () => {
    const { productId } = await stockProduct(stack, 0);
    const words = ["stock", "generate", "--product", productId, "--quiet"];
    expect(await done(...words, "--count", "25")).toMatchObject({ state: "finished", imported: 25 });
    const shop = await openShop(100_000);
    const sold = await order(shop, [{ productId, quantity: 2 }]);
    const secrets = (sold.body.lines[0].deliverables as Json[]).map(({ secret }) => secret);
    expect(new Set(secrets).size).toBe(2);
    for (const secret of secrets) expect(secret).toMatch(/^([2-9A-HJ-NP-Z]{5}-){3}[2-9A-HJ-NP-Z]{6}$/);
    const weak = await json(...words, "--count", "5", "--template", "XXXXX");
    expect(weak).toMatchObject({
      code: 2,
      value: { errors: [{ pointer: "/template", message: expect.stringContaining("25 bits") as string }] },
    });
  });

  test("that is cancelled leaves nothing, and its address is for that file alone", async () => {
    const { productId } = await stockProduct(stack, 0);
    const create = (path: string, body: object) => operate(stack, { method: "POST", path, json: body });
    const made = await create(`/admin/v1/products/${productId}/imports`, {});
    expect(made).toMatchObject({
      state: "awaiting_file",
      uploadUrl: expect.stringContaining("X-Amz-Signature=") as string,
    });
    expect((await json("imports", "start", made.importId)).value).toMatchObject({ code: "file_missing" });
    const elsewhere = String(made.uploadUrl).replace(made.importId, "imp_somebodyelses");
    expect((await fetch(elsewhere, { method: "PUT", body: "secret\nA" })).status).toBe(403);
    expect(await done("imports", "cancel", made.importId)).toMatchObject({ state: "cancelled" });
    expect(await done("imports", "show", made.importId)).toMatchObject({ state: "cancelled", imported: 0 });
    expect((await json("imports", "show", "imp_none")).value).toMatchObject({ code: "not_found" });
  });

  test("is tried first with a dry run, and a layout that makes no sense is refused", async () => {
    const { productId } = await stockProduct(stack, 0);
    const path = file(
      "small.ndjson",
      makeCodes(3)
        .map((code) => JSON.stringify({ secret: code }))
        .join("\n"),
    );
    const words = ["stock", "upload", "--product", productId, "--file", path, "--format", "ndjson", "--quiet"];
    expect(await done(...words, "--dry-run")).toMatchObject({ state: "finished", imported: 3, dryRun: true });
    expect(await done("stock", "count", "--product", productId)).toMatchObject({ imported: 0 });
    const refused = await json(...words, "--encoding", "ebcdic");
    expect(refused).toMatchObject({
      code: 2,
      value: { code: "wrong_usage", detail: expect.stringContaining("--encoding") },
    });
    // A file that can't be read is not in stock: a script must see that, and nothing waits for it.
    const headless = await json(
      ...words.slice(0, 4),
      "--file",
      file("headless.csv", makeCodes(2).join("\n")),
      "--quiet",
    );
    expect(headless).toMatchObject({ code: 1, value: { state: "failed", reason: "no_secret_column", imported: 0 } });
    const byName = await json(...words, "--no-header", "--secret", "pin");
    expect(byName).toMatchObject({ code: 2, value: { detail: "--secret must be a whole number." } });
    expect(await json(...words.slice(0, 4), "--file", "/")).toMatchObject({ code: 2, value: { code: "wrong_usage" } });
    const { key } = await openShop(0);
    expect((await http(stack, "POST", `/admin/v1/products/${productId}/imports`, { key, json: {} })).status).toBe(401);
  });
});
