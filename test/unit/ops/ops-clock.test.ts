import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { LocalStack } from "../../../infra/local/stack-file.ts";
import { terminal } from "../../support/ops/ops.ts";

// The clock is moved without a call: nothing listens at the address of this stack.

const unreached = { apiUrl: "http://127.0.0.1:9", awsEndpoint: "http://127.0.0.1:9", keys: { codes: "k" } };

const withClock = () => {
  const { file } = terminal(unreached as LocalStack);
  const clockFile = file("clock", "0");
  const operator = terminal({ ...unreached, clockFile } as LocalStack);
  const run = async (...words: string[]) => {
    const { code, stdout } = await operator.raw("clock", ...words, "--json", "--stack", operator.stackFile);
    return { code, value: JSON.parse(stdout) as { now?: string; aheadSeconds?: number; detail?: string } };
  };
  return { run, clockFile, operator };
};

describe("clock", () => {
  test("set goes to a moment, or further by a duration; show tells it; reset removes the file", async () => {
    const { run, clockFile } = withClock();
    const { code, value } = await run("set", "--to", "2027-01-31T23:59:59Z");
    expect([code, value.now?.slice(0, 15)]).toEqual([0, "2027-02-01T00:0"]);
    const further = await run("set", "--by", "-3d");
    expect(further.value.aheadSeconds).toBe((value.aheadSeconds ?? 0) - 3 * 86_400);
    expect(Math.round(Number(readFileSync(clockFile, "utf8")) / 1000)).toBe(further.value.aheadSeconds);
    expect((await run("show")).value.aheadSeconds).toBe(further.value.aheadSeconds);
    expect(await run("reset")).toMatchObject({ code: 0, value: { aheadSeconds: 0 } });
    expect(existsSync(clockFile)).toBe(false);
  });

  test.concurrent.each([
    [["set"], "either --to or --by"],
    [["set", "--by", "1d", "--to", "2027-01-31T23:59:59Z"], "either --to or --by"],
    [["set", "--by", "3 days"], "--by is a duration"],
    [["set", "--to", "31.1.2027"], "--to is a moment"],
    [["set", "--by", "9999999d"], "from 2000"],
  ])("%j is refused, and nothing moves", async (words, detail) => {
    const { run, clockFile } = withClock();
    expect(await run(...words)).toMatchObject({
      code: 2,
      value: { detail: expect.stringContaining(detail) as string },
    });
    expect(readFileSync(clockFile, "utf8")).toBe("0");
  });

  test.concurrent.each([["set", "--by", "1d"], ["show"], ["reset"]])(
    "%s is refused elsewhere before anybody is called",
    async (...words) => {
      const { operator } = withClock();
      const plain = terminal(unreached as LocalStack);
      for (const stack of ["prod", plain.stackFile]) {
        const { code, stdout } = await operator.raw("clock", ...words, "--json", "--stack", stack);
        expect([code, stdout]).toEqual([2, expect.stringContaining("local stack")]);
      }
    },
  );
});
