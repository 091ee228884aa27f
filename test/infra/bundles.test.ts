import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { bundleOptions } from "../../infra/bundles.ts";
import { type FunctionName, functionSpecs } from "../../infra/functions.ts";

/** Functions that somebody waits for, and those that read the orders' stream. */
const HOT: readonly FunctionName[] = [
  "placeOrder",
  "getDeliverables",
  "receiveCallback",
  "startFulfilment",
  "settleMoney",
];
const HOT_KB = 350;
const OTHERS_KB = 450;

/** KB at most of those that may be larger, each with its reason. */
const LARGER: Partial<Record<FunctionName, number>> = {
  // The sale itself, with its prices and the schema of an order, is some 105 KB of it; a hot function that only reads and opens
  // has 330 in all. Another 30 KB begin a payment at a provider: half of them reads its secret from the parameter store, and calls it. What
  // signs for a provider and reads its answer is 6 to 9 KB for each that we speak. Two make links of buyers' pages, and one notes by whom an order can be found.
  // Two more find what a channel's tier pays, and what it may see.
  // Eight more keep a channel to its pace and to what it may use in a day, and five check signatures.
  placeOrder: 486,
  // As every function it brings the tables of all limits and all refusals, which grow; and it counts what is shown again.
  getDeliverables: 370,
  // It parses the order that a callback is about.
  receiveCallback: 370,
  // It writes the sales log: S3's client is 68 KB of it.
  settleMoney: 425,
  // It writes the archive of events, and so does what does its work again.
  startFulfilment: 445,
  operatorDeadLetters: 470,
  // It begins payments at providers, as placing an order does.
  storefrontOrders: 476,
  // It shows the operators' document, which is made of the descriptions of all their operations, and of every provider's credentials.
  operatorOrders: 580,
  // It sells, and speaks to payment providers by their SDKs: Stripe's is 55 KB of it.
  followPayment: 560,
  // It has every provider's adapter, with what reads their statements, and S3's client.
  reconcileDay: 570,
  // It verifies what any provider says, asks the provider, and sells: it has what follow-payment has, but for disputes.
  receiveNotification: 550,
  // It speaks to them too, about complaints.
  operatorDisputes: 490,
  // It asks suppliers, moves stock, gives money back by every way to pay, and has a payment's provider asked at once.
  decideReview: 500,
  // It does the same for cases.
  decideCase: 495,
  casesSchedule: 460,
  // It reads statements' differences and takes one as it is; the schedule beside it also closes the days of the books.
  operatorReconciliation: 460,
  reconciliationSchedule: 460,
  // These speak to senders of messages by their libraries: nodemailer, and the clients of SES and of AWS's text messages.
  sendMessages: 640,
  testSender: 628,
  // These write files. The export also encrypts one to a recipient's key: age is 100 KB of it.
  exportDeliverables: 616,
  // It has the document of the storefront API with all its operations, the texts that its pages are made of in two languages, Preact, and what reads Markdown.
  showDocs: 560,
  // It has Preact, has one-time codes sent by SQS, and locks files with age, which it loads only then.
  revealDelivery: 590,
  runImport: 490,
  importStock: 480,
};

describe("the code of a function", async () => {
  // Source maps would double what this takes, and say nothing of the code's size.
  const { metafile } = await build({
    ...bundleOptions(functionSpecs, "dist"),
    sourcemap: false,
    metafile: true,
    write: false,
  });
  const sizes = functionSpecs.map(({ name, kebabName }) => {
    const { bytes = 0 } = metafile.outputs[`dist/${kebabName}/index.mjs`] ?? {};
    return { name, kb: bytes / 1024 };
  });

  it.each(sizes)("of $name is no larger than it may be", ({ name, kb }) => {
    expect(kb).toBeGreaterThan(0);
    expect(kb).toBeLessThanOrEqual(LARGER[name] ?? (HOT.includes(name) ? HOT_KB : OTHERS_KB));
  });

  it.each(Object.entries(LARGER))("of %s has a limit of its own because it needs one", (name, most) => {
    const { kb = 0 } = sizes.find((one) => one.name === name) ?? {};
    expect(kb).toBeGreaterThan(HOT.includes(name as FunctionName) ? HOT_KB : OTHERS_KB);
    expect(kb).toBeGreaterThan(most - 20);
  });
});
