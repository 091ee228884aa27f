import type { OperatorCall } from "./client.ts";
import type { Command, Given, Options } from "./command.ts";
import { readJson, readText } from "./read-file.ts";
import { wholeNumber } from "./whole-number.ts";

const product: Options = { product: { required: true, about: "the product's id" } };
const page: Options = { ...product, cursor: { about: "nextCursor of the page before" } };
const code: Options = {
  ...product,
  file: { required: true, about: "JSON: number?, secret; a code is nothing for a command line, which others can see" },
};

const ofProduct = ({ options }: Given, rest: string): string =>
  `/admin/v1/products/${encodeURIComponent(options["product"] ?? "")}/${rest}`;

const get = (rest: string) => (given: Given) => {
  const { cursor } = given.options;
  return { method: "GET", path: ofProduct(given, rest), query: cursor === undefined ? {} : { cursor } } as const;
};
const post = (given: Given, rest: string, json: unknown): OperatorCall => ({
  method: "POST",
  path: ofProduct(given, rest),
  json,
});
const batch = (state: "frozen" | "open" | "void"): Command => ({
  options: { ...product, batch: { required: true, about: "the batch's id" } },
  call: (given) => post(given, `batches/${encodeURIComponent(given.options["batch"] ?? "")}/state`, { state }),
});
const aboutCode = (rest: string): Command => ({
  options: code,
  call: async (given) => post(given, rest, await readJson(given.options["file"])),
});

/** What an operator does with stock. */
export const stockCommands: Record<string, Command> = {
  "stock import": {
    options: {
      ...product,
      file: { required: true, about: "CSV: number?, secret, expiresAt?" },
      "dry-run": { flag: true, about: "only say what would happen" },
    },
    call: async (given) => ({
      method: "POST",
      path: ofProduct(given, "stock-imports"),
      query: given.options["dry-run"] === undefined ? {} : { dryRun: "true" },
      csv: await readText(given.options["file"]),
    }),
  },
  "stock count": { options: page, call: get("stock") },
  "stock verify": { options: page, call: get("stock/verification") },
  "stock batches": { options: page, call: get("batches") },
  "stock freeze": batch("frozen"),
  "stock thaw": batch("open"),
  "stock void": batch("void"),
  "stock void-expired": { options: product, call: (given) => post(given, "void-expired", undefined) },
  "stock find": aboutCode("codes/searches"),
  "stock void-code": aboutCode("codes/voids"),
  "stock transfer": {
    options: {
      ...product,
      from: { required: true, about: "total, or a pool's name" },
      to: { required: true, about: "total, or a pool's name" },
      quantity: { required: true, about: "how many codes, or all" },
    },
    call: (given) => {
      const { from, to, quantity } = given.options;
      const many = quantity === "all" ? "all" : wholeNumber("quantity", quantity);
      return post(given, "transfers", { from, to, quantity: many });
    },
  },
  "pools list": { options: product, call: get("pools") },
  "pools create": {
    options: {
      ...product,
      kind: { required: true, about: "channel or campaign" },
      subject: { required: true, about: "the channel's id, or the campaign as orders name it" },
      "when-empty": { required: true, about: "stop, or borrow from the total" },
    },
    call: (given) => {
      const { kind, subject, "when-empty": whenEmpty } = given.options;
      return post(given, "pools", { owner: { kind, subject }, whenEmpty });
    },
  },
  "pools set": {
    options: {
      ...product,
      pool: { required: true, about: "total, or a pool's name" },
      frozen: { about: "yes or no" },
      lanes: { about: "ranges for each expiry, so that many may buy at once" },
      "low-below": { about: "fewer codes than this are told as low" },
      "when-empty": { about: "stop, or borrow from the total" },
    },
    call: (given) => {
      const { pool = "", frozen, lanes, "low-below": lowBelow, "when-empty": whenEmpty } = given.options;
      return post(given, `pools/${encodeURIComponent(pool)}`, {
        ...(frozen === undefined ? {} : { frozen: frozen === "yes" }),
        lanes: wholeNumber("lanes", lanes),
        lowBelow: wholeNumber("low-below", lowBelow),
        whenEmpty,
      });
    },
  },
};
