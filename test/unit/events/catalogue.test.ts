import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { eventCatalogue, eventFrom, UnknownEvent } from "../../../functions/events.ts";
import type { Workers } from "../../../functions/runtime/worker.ts";
import { workers } from "../../../functions/workers/workers.ts";
import { root } from "../../../infra/local/places.ts";
import { eventConsumers } from "../../../shared/dead-letters/catalogue.ts";
import { kindOf } from "../../../shared/events/event.ts";

const types = Object.keys(eventCatalogue);
const consumers = Object.values<Workers>(workers)
  .flatMap((ofDomain) => Object.values(ofDomain))
  .filter((worker) => worker.trigger === "events");

describe("the list of events", () => {
  test("stands in the README, all of it and nothing else", () => {
    const readme = readFileSync(join(root, "shared/events/README.md"), "utf8");
    const rows = readme.split("\n").filter((line) => /^\| `[a-z]+\.[a-z_]+`/.test(line));
    const named = rows.flatMap((row): string[] =>
      [...(row.split("|")[1] ?? "").matchAll(/`([a-z_.]+)`/g)].map(([, type = ""]) => type),
    );
    expect(named.toSorted()).toEqual(types.toSorted());
  });

  test("has ids and words alone: texts, and whole numbers that count", () => {
    for (const [type, { shape }] of Object.entries(eventCatalogue))
      for (const [fact, schema] of Object.entries(shape))
        expect([
          type,
          fact,
          /Id$|^(pool|reason|action|kind|outcome|by|refusal|state|reference|how|epoch|round)$/.test(fact),
          typeof schema,
        ]).toEqual([type, fact, true, "object"]);
  });

  test("lets nothing else through to a consumer", () => {
    const event = { id: "evt_1", type: "supplier.healthy", at: "2026-01-01T00:00:00.000Z", v: 1, supplierId: "sup_1" };
    expect(eventFrom({ ...event, code: "SECRET" } as typeof event)).toEqual(event);
    expect(() => eventFrom({ ...event, type: "supplier.unheard_of" })).toThrow(UnknownEvent);
  });
});

test("a consumer hears of subjects that there are, and every consumer has its queue of dead letters", () => {
  const kinds = new Set(types.map(kindOf));
  for (const { of } of consumers) for (const kind of of) expect(kinds).toContain(kind);
  expect(consumers.map(({ queue }) => queue).toSorted()).toEqual(eventConsumers.toSorted());
});
