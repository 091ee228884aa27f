import { expect, test } from "vitest";
import { listRecords } from "../../../shared/audit/list.ts";
import { record } from "../../../shared/audit/records.ts";
import { createChannel, createKey, revokeKey } from "../../../shared/channels/keys.ts";
import { listChannelsPaged, listKeys } from "../../../shared/channels/list.ts";
import { Generation } from "../../../shared/imports/generate.ts";
import { listImports } from "../../../shared/imports/list.ts";
import { generateCodes } from "../../../shared/imports/requests.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { listSuppliers } from "../../../shared/suppliers/list.ts";
import { createSupplier, NewSupplier } from "../../../shared/suppliers/settings.ts";
import { importGround } from "../../support/imports/import-ground.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { callFunction } from "../../support/scenes/operator-functions.ts";
import { valueOf } from "../../support/value-of.ts";

// What operators list, a page at a time. That each answer is as its operation describes it, the caller checks.

const { deps } = importGround((await sceneGround()).deps);

/** All things of a list, by pages of one. */
async function all(name: string, asked: { params?: object; query?: object }): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  let cursor: string | null = null;
  do {
    const query = { ...asked.query, limit: "1", ...(cursor === null ? {} : { cursor }) };
    const { status, body } = await callFunction(deps, name, { ...asked, query });
    expect([status, body.data.length <= 1]).toEqual([200, true]);
    found.push(...body.data);
    cursor = body.nextCursor;
  } while (cursor !== null);
  return found;
}

const newSupplier = {
  protocol: "vouchsafe",
  baseUrl: "http://127.0.0.1:9",
  credentials: { apiKey: "CREDENTIAL", webhookSecret: "CREDENTIAL" },
};

const channel = async (name: string) => valueOf(await createChannel(deps, { name }, name, deps.clock()));

test("channels are listed by id, and one is shown with its money", async () => {
  const made = await Promise.all(["A", "B", "C"].map(channel));
  const ids = made.map(({ id }) => id).toSorted((a, b) => (a < b ? -1 : 1));
  expect((await all("listChannels", {})).map(({ id }) => id)).toEqual(ids);
  const [id = ""] = ids;
  const one = await callFunction(deps, "getChannel", { params: { channelId: id } });
  expect(one).toMatchObject({ status: 200, body: { id, account: { channelId: id, balances: [] } } });
  expect(await callFunction(deps, "getChannel", { params: { channelId: "chan_1" } })).toMatchObject({ status: 404 });
});

test("a channel's keys are listed by name, with what became of them, and without what opens anything", async () => {
  const { id: channelId, apiKey = "" } = await channel("With keys");
  for (const name of ["one", "two"]) await createKey(deps, channelId, { scopes: ["orders:read"] }, deps.clock(), name);
  const [first] = await all("listKeys", { params: { channelId } });
  await revokeKey(deps, channelId, String(first?.["keyId"]), deps.clock());
  const keys = await all("listKeys", { params: { channelId } });
  expect(keys).toHaveLength(3);
  expect(keys.map((key) => typeof key["revokedAt"])).toEqual(["string", "undefined", "undefined"]);
  expect(new Set(keys.flatMap(Object.keys))).toEqual(new Set(["keyId", "scopes", "createdAt", "revokedAt"]));
  expect(JSON.stringify(keys)).not.toContain(apiKey);
});

test("suppliers are listed by id, wherever a page ends, and without what opens anything", async () => {
  const named = (name: string) => NewSupplier.parse({ ...newSupplier, name });
  const made = await Promise.all(
    ["A", "B", "C"].map(async (name) => valueOf(await createSupplier(deps, named(name), newId("req"))).id),
  );
  const listed = await all("listSuppliers", {});
  const byId = await listSuppliers(deps, 100);
  expect(byId.suppliers.map(({ id }) => id)).toEqual(listed.map(({ id }) => id));
  expect(listed.map(({ id }) => id)).toEqual(made.toSorted((a, b) => (a < b ? -1 : 1)));
  expect(JSON.stringify(listed)).not.toContain("CREDENTIAL");
});

test("imports are listed newest first, by product and state, and none is missed where a page is empty", async () => {
  const importing = async (productId: string, minute: number): Promise<string> => {
    const at = { ...deps, clock: () => new Date(Date.UTC(2026, 0, 1, 0, minute)) };
    const count = Generation.parse({ count: 1 });
    return valueOf(await generateCodes(at, productId, count, newId("req"))).importId;
  };
  const [oldest, other, newest] = [
    await importing("prod_1", 1),
    await importing("prod_2", 2),
    await importing("prod_1", 3),
  ];
  const newestOfOne = await listImports(deps, { productId: "prod_1" }, 1);
  expect(newestOfOne.imports).toHaveLength(1);
  const ids = async (query: object) => (await all("listImports", { query })).map(({ importId }) => importId);
  expect(await ids({})).toEqual([newest, other, oldest]);
  expect(await ids({ productId: "prod_1" })).toEqual([newest, oldest]);
  expect(await ids({ state: "running" })).toEqual([newest, other, oldest]);
  expect(await ids({ state: "finished" })).toEqual([]);
});

test("what was done to a thing is listed newest first, each record with its outcome, wherever a page ends", async () => {
  const { id: channelId } = await channel("With a trail");
  const lanes = (many: number) =>
    callFunction(deps, "setLanes", { params: { channelId }, json: { currency: "CNY", lanes: many } });
  // Every second one is refused: an account's lanes never become fewer.
  for (const many of [2, 1, 3, 1, 4]) await lanes(many);
  const records = await all("listRecords", { query: { subject: channelId } });
  expect(records.map(({ after, refused }) => [(after as { lanes: number }).lanes, refused])).toEqual([
    [4, undefined],
    [1, "invalid_request"],
    [3, undefined],
    [1, "invalid_request"],
    [2, undefined],
  ]);
});

test("pages end where they should on the strict engine too, however small they are", async () => {
  const { id: channelId } = await channel("Paged");
  for (const name of ["one", "two"]) await createKey(deps, channelId, { scopes: ["orders:read"] }, deps.clock(), name);
  const first = await listChannelsPaged(deps, 1);
  expect(first.channels).toHaveLength(1);
  expect((await listChannelsPaged(deps, 1, first.next ?? "")).channels[0]?.id).not.toBe(first.channels[0]?.id);
  expect((await listKeys(deps, channelId, 2)).keys).toHaveLength(2);
  const entry = { subject: channelId, at: deps.clock().toISOString(), action: "tried", by: "anna", requestId: "r" };
  for (const note of ["one", "two"]) await record(deps, { ...entry, note });
  const newest = await listRecords(deps, channelId, 1);
  expect(newest.records).toHaveLength(1);
  expect((await listRecords(deps, channelId, 1, newest.next ?? "")).records).toHaveLength(1);
});
