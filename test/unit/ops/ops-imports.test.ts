import { writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Access } from "../../../infra/ops/access.ts";
import { readArguments } from "../../../infra/ops/arguments.ts";
import type { OperatorAnswer, OperatorCall } from "../../../infra/ops/client.ts";
import { WrongUsage } from "../../../infra/ops/wrong-usage.ts";
import { Layout } from "../../../shared/stock-files/layout.ts";

// What the command line makes of an import, whatever the API says. That it imports is tested end to end.

const bucket = createServer((request, response) => {
  request.resume().on("end", () => response.end());
});
let folder = "";
const file = (): string => join(folder, "codes.csv");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vouchsafe-ops-"));
  writeFileSync(file(), "secret\nA\n");
  await new Promise<void>((listening) => bucket.listen(0, "127.0.0.1", listening));
});
afterAll(() => bucket.close());

const nowhere: Access = {
  apiUrl: "",
  region: "",
  credentials: { accessKeyId: "", secretAccessKey: "" },
  codesKey: "",
};

type Shown = { status?: number; body?: unknown; thrown?: boolean };

/** Runs a command against an API that takes everything and shows the import like this, one look after the other. */
async function run(words: readonly string[], looks: readonly Shown[] = [{ body: { state: "finished" } }]) {
  const { command, given } = readArguments(words);
  const uploadUrl = `http://127.0.0.1:${(bucket.address() as AddressInfo).port}/`;
  const calls: OperatorCall[] = [];
  const left = [...looks];
  const send = async (call: OperatorCall): Promise<OperatorAnswer> => {
    calls.push(call);
    if (call.method === "POST") return { ok: true, status: 201, body: { importId: "imp_1", uploadUrl } };
    const { status = 200, body = null, thrown = false } = left.shift() ?? {};
    if (thrown) throw new Error("no network");
    return { ok: status < 400, status, body };
  };
  if (command.run === undefined) throw new Error("it makes one call");
  return { answer: await command.run(given, send, nowhere), calls };
}

const upload = (...more: string[]): string[] => [
  "stock",
  "upload",
  "--product",
  "prod_1",
  "--file",
  file(),
  "--quiet",
  ...more,
];

describe("an import by the command line", () => {
  test.each(["failed", "cancelled"])("is not done when it ended as %s", async (state) => {
    const body = { state, reason: "no_secret_column" };
    expect((await run(upload(), [{ body }])).answer).toMatchObject({ ok: false, body });
    const generate = ["stock", "generate", "--product", "prod_1", "--count", "5", "--quiet"];
    expect((await run(generate, [{ body }])).answer).toMatchObject({ ok: false, body });
  });

  test("goes on when a look at it goes unanswered", async () => {
    const looks = [{ thrown: true }, { status: 503 }, { body: { state: "finished" } }];
    expect((await run(upload(), looks)).answer).toMatchObject({ ok: true, body: { state: "finished" } });
    expect((await run(upload(), [{ status: 404 }])).answer).toMatchObject({ ok: false, status: 404 });
  });

  test.each([
    ["is a folder", tmpdir()],
    ["is none", "/dev/null"],
    ["is not there", "/none.csv"],
  ])("is not even made for a file that %s", async (_, path) => {
    const wrong = await run(["stock", "upload", "--product", "prod_1", "--file", path]).catch(
      (error: unknown) => error,
    );
    expect(wrong).toBeInstanceOf(WrongUsage);
  });

  const layoutOf = async (...words: string[]): Promise<unknown> => {
    const [created] = (await run(upload(...words))).calls;
    return (created?.json as { layout?: unknown } | undefined)?.layout;
  };

  test("asks for the columns that it was told, by place where there is no header", async () => {
    expect(Layout.parse(await layoutOf())).toEqual(Layout.parse({}));
    const byPlace = await layoutOf("--no-header", "--secret", "1");
    expect(Layout.parse(byPlace)).toMatchObject({ header: false, columns: { secret: 1 } });
    await expect(layoutOf("--no-header", "--secret", "1", "--number", "serial")).rejects.toThrow(WrongUsage);
    await expect(layoutOf("--no-header")).rejects.toThrow(/--secret, the place of the code/);
  });

  test("leaves out a column of a usual name that it is to ignore", async () => {
    const ignoring = await layoutOf("--ignore", "expiresAt,number");
    expect(Layout.parse(ignoring)).toMatchObject({ columns: { secret: "secret" }, ignore: ["expiresAt", "number"] });
    expect(Object.values(Layout.parse(ignoring).columns).filter((column) => column !== undefined)).toEqual(["secret"]);
  });

  test("asks for a column also where it has its usual name", async () => {
    expect(await layoutOf("--expires", "expiresAt")).toMatchObject({ required: ["expiresAt"] });
    expect(await layoutOf()).not.toHaveProperty("required");
  });

  test("says how the file is written, also where a value begins with a dash", async () => {
    const words = [
      "--no-header",
      "--no-quotes",
      "--empty-numbers",
      "--delimiter",
      "----",
      "--number",
      "0",
      "--secret",
      "1",
      "--expires=2",
    ];
    const accounts = await layoutOf(
      ...words,
      "--dates",
      "dmy",
      "--day-ends",
      "-03:00",
      "--ignore",
      "3, note",
      "--literal",
    );
    expect(Layout.parse(accounts)).toMatchObject({
      delimiter: "----",
      quotes: false,
      header: false,
      emptyNumbers: true,
      columns: { number: 0, secret: 1, expiresAt: 2 },
      ignore: [3, "note"],
      dates: "dmy",
      dayEnds: "-03:00",
      literal: true,
    });
  });
});

describe("a file in a request", () => {
  const text = "secret\nSECRET-卡-1\n";
  const asked = async (bytes: string | Uint8Array, ...words: string[]) => {
    const path = join(folder, "inline.csv");
    writeFileSync(path, bytes);
    const { command, given } = readArguments(["stock", "import", "--product", "prod_1", "--file", path, ...words]);
    if (command.call === undefined) throw new Error("it makes more than one call");
    return command.call(given);
  };

  test("is sent as text, whatever its encoding, and with its layout where it has one of its own", async () => {
    expect(await asked(text)).toMatchObject({ query: {}, csv: text });
    expect(await asked(Buffer.from(`\uFEFF${text}`, "utf16le"), "--encoding", "gbk")).toMatchObject({ csv: text });
    const { query } = await asked(text, "--ignore", "note", "--dates", "ymd");
    expect(JSON.parse(query?.["layout"] ?? "")).toMatchObject({ ignore: ["note"], dates: "ymd" });
  });

  test("is not sent in an encoding that nobody has named", async () => {
    await expect(asked(Buffer.from(text, "utf16le"))).rejects.toThrow(/say --encoding utf-16le/);
    await expect(asked(Uint8Array.of(0xbf, 0xa8, 0x0a))).rejects.toThrow(/is not UTF-8/);
    await expect(asked(text, "--encoding", "latin1")).rejects.toThrow(/latin1 is none of its values/);
  });
});
