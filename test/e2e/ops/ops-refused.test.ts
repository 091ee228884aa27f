import { afterAll, describe, expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { terminal } from "../../support/ops/ops.ts";
import { importCodes, makeCodes, stockProduct } from "../../support/orders/shop.ts";
import { pointersIn } from "../../support/orders/shown.ts";
import { closeSuppliers, supplierShop } from "../../support/suppliers/supplier-shop.ts";

// What the command line prints, and with which code it ends, when a command is wrong or refused.

const stack = deployedStack();
const { json, raw, file, stackFile } = terminal(stack);

afterAll(closeSuppliers);

describe.concurrent("a command line that is not one of ours exits 2, does nothing and says what is wrong:", () => {
  test("an unknown verb, with those that its noun has", async () => {
    const { code, stdout, stderr } = await raw("products", "destroy", "--stack", stackFile);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/There is no command "products destroy"/);
    expect(stderr).toContain("  products create");
    expect(stderr).not.toContain("  stock count");
  });

  test("and with --json it says so in JSON", async () => {
    const create = ["products", "create", "--kind", "code", "--name", "N", "--currency", "CNY", "--price", "15.0"];
    const detail = "--price must have 2 decimals in CNY, and not be 15.0.";
    expect(await json(...create)).toEqual({ code: 2, value: { code: "wrong_usage", detail } });
  });

  test("fields that the API would refuse, each with its option", async () => {
    const product = ["products", "create", "--kind", "code", "--name", " ", "--currency", "CNY"];
    const refused = await json(...product, "--price", "1", "--hold", "5s");
    expect(refused).toMatchObject({ code: 2, value: { code: "wrong_usage" } });
    expect(pointersIn(refused.value)).toEqual(["/holdSeconds", "/name"]);
    expect(refused.value.errors).toContainEqual(expect.objectContaining({ option: "--hold", pointer: "/holdSeconds" }));
  });

  test("a stack that is not there", async () => {
    for (const name of ["./nowhere.json", "/nowhere/stack"])
      expect(await raw("reviews", "list", "--stack", name)).toMatchObject({
        code: 2,
        stderr: `There is no file ${name}.\n`,
      });
    const isNone = file("none.json", '{"apiUrl":"CREDENTIAL"');
    expect(await raw("reviews", "list", "--stack", isNone)).toMatchObject({
      code: 2,
      stderr: `${isNone} is not the file of a stack.\n`,
    });
    const lookedUp = await raw("reviews", "list", "--stack", "dev");
    expect(lookedUp).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/dev-service can't be looked up: .*redentials/),
    });
  });

  test("a file of codes that is not UTF-8, which would sell unreadable codes", async () => {
    const { productId } = await stockProduct(stack, 0);
    const path = file("gbk.csv", Buffer.from([0x73, 0x65, 0x63, 0x72, 0x65, 0x74, 0x0a, 0xc4, 0xe3, 0xba, 0xc3, 0x0a]));
    const { code, value } = await json("stock", "import", "--product", productId, "--file", path);
    expect([code, value.detail]).toEqual([2, `The file ${path} is not UTF-8: name its encoding (--encoding).`]);
  });

  test("a file of credentials that is not JSON, without quoting it", async () => {
    const path = file("broken.json", "{ apiKey: CREDENTIAL }");
    const named = ["--name", "S", "--protocol", "vouchsafe", "--url", "http://127.0.0.1:9", "--credentials", path];
    const { code, stderr } = await raw("suppliers", "create", ...named, "--stack", stackFile);
    expect([code, stderr]).toEqual([2, `The file ${path} is not JSON.\n`]);
  });
});

describe.concurrent("a command that is refused exits 1 and prints the problem:", () => {
  test("a product that is not there", async () => {
    const count = await raw("stock", "count", "--product", "prod_none", "--stack", stackFile);
    expect(count).toMatchObject({ code: 1, stderr: "" });
    expect(JSON.parse(count.stdout)).toMatchObject({ code: "not_found", title: "There is no such thing" });
  });

  test("an import for a product that has no stock of its own", async () => {
    const shop = await supplierShop();
    const csv = file("one.csv", `secret\n${makeCodes(1)[0]}\n`);
    const { code, value } = await json("stock", "import", "--product", shop.productId, "--file", csv);
    expect([code, value.code]).toEqual([1, "wrong_kind"]);
  });

  test("an API that does not answer", async () => {
    const dead = file("dead.json", JSON.stringify({ ...stack, apiUrl: "http://127.0.0.1:9" }));
    const { code, stdout, stderr } = await raw("reviews", "list", "--json", "--stack", dead);
    const detail = "The operator API at http://127.0.0.1:9 can't be reached: bad port.";
    expect([code, stderr, JSON.parse(stdout)]).toEqual([1, "", { code: "not_reached", detail }]);
  });
});

test("one JSON value a command: on one line for programs, spread out for people", async () => {
  const { productId } = await stockProduct(stack, 0);
  await importCodes(stack, productId, makeCodes(1));
  const words = ["stock", "count", "--product", productId, "--stack", stackFile];
  const [forPeople, forPrograms] = await Promise.all([raw(...words), raw(...words, "--json")]);
  expect(forPrograms.stdout.split("\n")).toHaveLength(2);
  expect(forPeople.stdout.split("\n").length).toBeGreaterThan(5);
  expect(JSON.parse(forPeople.stdout)).toEqual(JSON.parse(forPrograms.stdout));
});
