import { sendMessage } from "../../../shared/aws/send-message.ts";
import { revealByLink } from "../../../shared/deliveries/reveal.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { ok } from "../../../shared/kernel/problem.ts";
import { piecesToSee } from "../../../shared/orders/goods.ts";
import { recogniser } from "../../../shared/secrecy/recognition.ts";
import { dependenciesOf, kmsClient, sqsClient } from "../../runtime/dependencies.ts";
import { HTML, pageFunction } from "../../runtime/page.ts";
import { deliveryPage } from "./delivery-page.tsx";
import { gateOf } from "./gate.ts";
import { languageOf } from "./language.ts";
import { lockOf } from "./locked-file.ts";
import { functions } from "./operations.ts";
import { forBuyers, orderOfLink } from "./shell.ts";
import { textFileOf } from "./text-file.ts";
import { readDelivery } from "./view.ts";
import { PER_PAGE } from "./writing.ts";

const { env, deps: given } = dependenciesOf(functions.revealDelivery);
const kms = kmsClient();
const sqs = sqsClient();
const deps = {
  ...given,
  kms,
  codesKey: env.CODES_KEY,
  recognise: recogniser(kms, env.RECOGNITION_KEY),
  send: (orderId: string, code: string) => sendMessage(sqs, env.MESSAGE_QUEUE_URL, JSON.stringify({ orderId, code })),
};

export const handler = pageFunction("reveal-delivery", functions.revealDelivery, forBuyers, {
  revealDelivery: async ({ params: { token }, query: { lang }, form, headers, sourceIp, requestId }) => {
    const { from, qr } = form;
    const found = await orderOfLink(deps, token, sourceIp);
    if (!found.ok) return found;
    const order = found.value;
    const language = languageOf({ lang, accepts: headers["accept-language"] });
    const gate = await gateOf(deps, order, { form, sourceIp }, { language, zone: deps.zone, token, isReveal: true });
    if (!gate.isOpen) return ok({ body: gate.page, raw: true, headers: { "Content-Type": HTML } });
    const page = await revealByLink(deps, order, { sourceIp, requestId }, { from, limit: PER_PAGE });
    if (!page.ok) return page;
    const writing = { language, zone: deps.zone, token, isReveal: true, proof: gate.proof };
    const shown = { ...page.value, from, all: piecesToSee(order), qr };
    const body = deliveryPage(await readDelivery(deps, order), writing, shown);
    return ok({ body, raw: true, headers: { "Content-Type": HTML } });
  },

  saveDelivery: async ({ params: { token }, query: { lang }, form, headers, sourceIp, requestId }) => {
    const { from, lock: typed } = form;
    const found = await orderOfLink(deps, token, sourceIp);
    if (!found.ok) return found;
    const language = languageOf({ lang, accepts: headers["accept-language"] });
    const gate = await gateOf(
      deps,
      found.value,
      { form, sourceIp },
      { language, zone: deps.zone, token, isReveal: true },
    );
    if (!gate.isOpen) return ok({ body: gate.page, raw: true, headers: { "Content-Type": HTML } });
    const lock = typed === undefined ? undefined : await lockOf(typed.trim());
    if (lock?.ok === false) return lock;
    const part = { from, limit: LIMITS.codesPerTextFile };
    const page = await revealByLink(deps, found.value, { sourceIp, requestId }, part);
    if (!page.ok) return page;
    const text = textFileOf(page.value);
    const name = `${found.value.id}-${from + 1}.txt${lock === undefined ? "" : ".age"}`;
    return ok({
      body: lock === undefined ? text : await lock.value(text),
      raw: true,
      headers: { "Content-Type": "text/plain; charset=utf-8", "Content-Disposition": `attachment; filename="${name}"` },
    });
  },
});
