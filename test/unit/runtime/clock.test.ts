import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CLOCK_READ_EVERY_MS, clockFor } from "../../../functions/runtime/clock.ts";

const NOW = "2026-11-29T12:00:00.000Z";
const folder = mkdtempSync(join(tmpdir(), "vouchsafe-clock-"));
const file = join(folder, "clock");

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(NOW) }));
afterEach(() => {
  vi.useRealTimers();
  rmSync(file, { force: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

const shown = (clock: () => Date): string => clock().toISOString();

describe("the clock of a process", () => {
  test("is the machine's where no file is named", () => {
    expect(shown(clockFor("prod", undefined))).toBe(NOW);
  });

  test.each(["prod", "dev", "", undefined])("can't be moved in the environment %j", (environment) => {
    expect(() => clockFor(environment, file)).toThrow("no local stack");
  });

  test("is moved by what the file says, and shows the machine's time again when the file is gone", () => {
    const clock = clockFor("local", file);
    writeFileSync(file, String(86_400_000));
    expect(shown(clock)).toBe("2026-11-30T12:00:00.000Z");
    rmSync(file);
    vi.setSystemTime(Date.now() + CLOCK_READ_EVERY_MS);
    expect(shown(clock)).toBe("2026-11-29T12:00:01.000Z");
  });

  test("looks at the file once a second at most", () => {
    const clock = clockFor("local", file);
    expect(shown(clock)).toBe(NOW);
    writeFileSync(file, String(-86_400_000));
    vi.setSystemTime(Date.now() + CLOCK_READ_EVERY_MS - 1);
    expect(shown(clock)).toBe("2026-11-29T12:00:00.999Z");
    vi.setSystemTime(Date.now() + 1);
    expect(shown(clock)).toBe("2026-11-28T12:00:01.000Z");
  });

  test("refuses a file that says no number of milliseconds", () => {
    writeFileSync(file, "tomorrow");
    expect(clockFor("local", file)).toThrow("number");
  });
});
