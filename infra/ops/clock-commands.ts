import { rename, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { CLOCK_READ_EVERY_MS, readOffset } from "../../functions/runtime/clock.ts";
import { movedBy, systemClock } from "../../shared/kernel/clock.ts";
import type { LocalStack } from "../local/stack-file.ts";
import type { OperatorAnswer } from "./client.ts";
import type { Command, Given } from "./command.ts";
import { durationOf } from "./duration.ts";
import { WrongUsage } from "./wrong-usage.ts";

/** What a clock may show: years that the dates of stock and of tables can have. */
const EARLIEST = "2000-01-01T00:00:00Z";
const LATEST = "2100-01-01T00:00:00Z";

const Moment = z.iso.datetime({ offset: true });

function fileOf({ clockFile }: LocalStack): string {
  if (clockFile !== undefined) return clockFile;
  throw new WrongUsage("The clock moves on a local stack that `npm start` keeps up, and on no other.");
}

/** The offset that shows the wanted moment now, in milliseconds. */
function offsetFor({ options: { to, by } }: Given, offset: number): number {
  if ((to === undefined) === (by === undefined)) throw new WrongUsage("Say either --to or --by.");
  if (by !== undefined) return offset + durationOf("by", by) * 1000;
  const moment = Moment.safeParse(to);
  if (!moment.success) throw new WrongUsage(`--to is a moment like 2027-01-31T23:59:59Z, and not ${to}.`);
  return Date.parse(moment.data) - systemClock().getTime();
}

function told(offset: number): OperatorAnswer {
  const now = movedBy(() => offset)().toISOString();
  return { ok: true, status: 200, body: { now, aheadSeconds: Math.round(offset / 1000) } };
}

/** Processes look at the file now and then. When this is over, all of them go by the new time. */
const untilLearnt = (): Promise<void> => sleep(CLOCK_READ_EVERY_MS);

async function set(given: Given, stack: LocalStack): Promise<OperatorAnswer> {
  const file = fileOf(stack);
  const offset = offsetFor(given, readOffset(file));
  const wanted = systemClock().getTime() + offset;
  if (wanted < Date.parse(EARLIEST) || wanted > Date.parse(LATEST))
    throw new WrongUsage(`The clock shows moments from ${EARLIEST} to ${LATEST}.`);
  // Moved into place when it is complete, for functions look at it all the time.
  await writeFile(`${file}.draft`, String(offset));
  await rename(`${file}.draft`, file);
  await untilLearnt();
  return told(offset);
}

async function reset(_given: Given, stack: LocalStack): Promise<OperatorAnswer> {
  await rm(fileOf(stack), { force: true });
  await untilLearnt();
  return told(0);
}

/** The time that the code of a local stack goes by. It shows what expires, closes and is held without waiting for it. */
export const clockCommands: Record<string, Command> = {
  "clock set": {
    summary: "Move the clock of the local stack, to see what expires without waiting for it",
    options: {
      to: { about: "a moment: 2027-01-31T23:59:59Z" },
      by: { about: "a duration from what it shows now: 90s, 15m, 2h, 3d, -3d" },
    },
    onLocalStack: set,
  },
  "clock show": {
    summary: "What the clock of the local stack shows",
    options: {},
    onLocalStack: async (_given, stack) => told(readOffset(fileOf(stack))),
  },
  "clock reset": { summary: "Have the local stack go by this machine's clock again", options: {}, onLocalStack: reset },
};
