import { exportBuyer, type Known } from "../../../shared/buyers/find.ts";
import { pick } from "../../../shared/kernel/pick.ts";
import { ok } from "../../../shared/kernel/problem.ts";
import { namesOf } from "../../../shared/orders/people.ts";
import { recogniser } from "../../../shared/secrecy/recognition.ts";
import { dependenciesOf, kmsClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts } from "../../runtime/record.ts";
import { forRecordedOperators } from "../../runtime/shells.ts";
import { functions } from "./operations.ts";

const { env, deps: given } = dependenciesOf(functions.exportBuyers);
const kms = kmsClient();
const deps = { ...given, kms, personalKey: env.PERSONAL_KEY };
const recognise = recogniser(kms, env.RECOGNITION_KEY);

const shown = ({ order, contact, messages }: Known) => ({
  orderId: order.id,
  ...pick(order, ["channelId", "placedAt", "state"]),
  total: { amount: order.total.amount, currency: order.total.currency },
  bought: order.lines.map(({ name, quantity }) => ({ name, quantity })),
  ...(contact === undefined ? {} : { contact: pick(contact, ["email", "phone", "locale"]) }),
  messages: messages.map((message) => pick(message, ["template", "medium", "state", "createdAt"])),
});

/** Tells who asks what we know of them. It is the one function for operators that opens contacts. */
export const handler = httpFunction("export-buyers", functions.exportBuyers, forRecordedOperators(deps), {
  exportBuyer: async ({ body }) => {
    const [person = ""] = namesOf(await recognise(), body);
    return acts({ what: { by: body.email === undefined ? "phone" : "email" }, names: { person } }, async () =>
      ok({ body: { data: (await exportBuyer(deps, person)).map(shown) } }),
    );
  },
});
